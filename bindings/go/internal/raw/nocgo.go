//go:build !cgo

// Package raw needs cgo: what follows is all that a compiler without it sees.
package raw

var _ = dbosc_needs_cgo__set_CGO_ENABLED_to_1_and_install_a_C_compiler_and_libdbosc
