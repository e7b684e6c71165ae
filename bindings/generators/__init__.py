"""One module a language; each has files(api), the generated files by their paths below bindings/."""
