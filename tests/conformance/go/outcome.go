package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dbosc.dev/dbosc"
)

// workflowError is the error of a workflow with the keys of the library.
type workflowError struct {
	Name    string          `json:"name"`
	Message string          `json:"message"`
	Code    json.RawMessage `json:"code"`
	Data    json.RawMessage `json:"data"`
}

// failure is what the package says of an error, under the keys of the library.
type failure struct {
	Status        string         `json:"status"`
	Kind          dbosc.Kind     `json:"kind"`
	Message       string         `json:"message"`
	Path          string         `json:"path,omitempty"`
	WorkflowID    string         `json:"workflow_id,omitempty"`
	WorkflowError *workflowError `json:"workflow_error,omitempty"`
}

// account is a reply as it came, or an error as the package tells it. An error that is not the
// package's is no part of the story.
func account(reply json.RawMessage, err error) (string, error) {
	if err == nil {
		return `{"reply":` + string(reply) + `}`, nil
	}
	var failed *dbosc.Error
	if !errors.As(err, &failed) {
		return "", err
	}
	said := failure{Status: statusName(failed.Status), Kind: failed.Kind, Message: failed.Message,
		Path: failed.Path, WorkflowID: failed.WorkflowID}
	var workflow *dbosc.WorkflowError
	if errors.As(err, &workflow) {
		said.WorkflowError = &workflowError{workflow.Name, workflow.Message, workflow.Code, workflow.Data}
	}
	text, err := json.Marshal(said)
	return fmt.Sprintf(`{"error":%s}`, text), err
}

// ended is the outcome of what has no reply.
func ended(err error) ([]string, error) {
	if err == nil {
		return []string{"{}"}, nil
	}
	return one(nil, err)
}

// one is a single outcome.
func one(reply json.RawMessage, err error) ([]string, error) {
	outcome, err := account(reply, err)
	return []string{outcome}, err
}

// statusName spells a status as the library does: "dbosc: not found" is NOT_FOUND.
func statusName(status dbosc.Status) string {
	words := strings.TrimPrefix(status.Error(), "dbosc: ")
	return strings.ToUpper(strings.ReplaceAll(words, " ", "_"))
}
