/* Go's raw package. SWIG's own typemaps do: they copy texts, and Go's are UTF-8. */
%module raw
%include "dbosc.i"
