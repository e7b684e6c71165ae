package dbosc_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The test of the example itself is TestExampleOfThePageGreets.
func TestPageShowsTheExampleThatIsRun(t *testing.T) {
	program, err := os.ReadFile("examples/greet/main.go")
	check(t, err)
	region := regexp.MustCompile(`(?s)\t// \[readme\]\n(.*?)\t// \[/readme\]`).FindSubmatch(program)
	if region == nil {
		t.Fatal("the example has no marks")
	}
	want := strings.TrimPrefix(strings.ReplaceAll("\n"+string(region[1]), "\n\t", "\n"), "\n")
	for _, name := range []string{"README.md", "../../README.md"} {
		page, err := os.ReadFile(name)
		check(t, err)
		if !strings.Contains(string(page), "```go\n"+want+"```\n") {
			t.Errorf("%s shows something else than examples/greet/main.go", name)
		}
	}
}
