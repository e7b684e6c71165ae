// Package raw is what SWIG makes of the C API: private, and the only place that knows C.
package raw

// #cgo pkg-config: dbosc
import "C"
