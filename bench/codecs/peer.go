// Go's encoding/json as a peer (bench/README.md). DBOS_JSON is stored in base64, as the SDK stores it.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func decode(format, text string) (value any) {
	stored := []byte(text)
	if format == "DBOS_JSON" {
		var err error
		stored, err = base64.StdEncoding.DecodeString(text)
		check(err)
	}
	check(json.Unmarshal(stored, &value))
	return value
}

func encode(format string, value any) string {
	stored, err := json.Marshal(value)
	check(err)
	if format == "DBOS_JSON" {
		return base64.StdEncoding.EncodeToString(stored)
	}
	return string(stored)
}

func main() {
	texts, values := map[string]string{}, map[string]any{}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var op, format, shape string
		var times int
		_, err := fmt.Sscan(lines.Text(), &op, &format, &shape, &times)
		check(err)
		key := format + "." + shape
		if _, known := texts[key]; !known {
			text, err := os.ReadFile(filepath.Join(os.Args[1], key))
			check(err)
			texts[key] = string(text)
			values[key] = decode(format, texts[key])
		}
		size := 1
		for ; times > 0; times-- {
			if op == "decode" {
				decode(format, texts[key])
			} else {
				size = len(encode(format, values[key]))
			}
		}
		fmt.Println(size)
	}
}
