module contender

go 1.25.0

require dbosc.dev/dbosc v0.1.0

replace dbosc.dev/dbosc => ../../../bindings/go
