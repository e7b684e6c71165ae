module dbosc.dev/dbosc

go 1.25.0
