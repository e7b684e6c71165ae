module dbosc.dev/dbosc/conformance

go 1.25.0

require dbosc.dev/dbosc v0.0.0

replace dbosc.dev/dbosc => ../../../bindings/go
