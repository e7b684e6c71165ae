// Story runs the steps of the story and prints how each ended, a line of JSON each.
//
//	story STEPS URL
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("story STEPS URL")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var steps []step
	if err = json.Unmarshal(text, &steps); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	told := story{url: os.Args[2], submitted: map[string]*calls{}}
	if err = told.open(ctx); err != nil {
		log.Fatal(err)
	}
	for _, each := range steps {
		outcomes, err := told.step(ctx, each)
		if err != nil {
			log.Fatalf("%s: %v", each.Do, err)
		}
		fmt.Printf("[%s]\n", strings.Join(outcomes, ","))
	}
}
