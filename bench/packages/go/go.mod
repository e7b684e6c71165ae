module contender

go 1.25

require dbosc.dev/dbosc v0.1.0

replace dbosc.dev/dbosc => ../../../bindings/go
