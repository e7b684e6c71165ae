package dbosc_test

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"dbosc.dev/dbosc"
)

type described struct {
	Key    string      `json:"key"`
	Type   string      `json:"type"`
	Fields []described `json:"fields"`
	Items  *described  `json:"items"`
}

type description struct {
	Config     described `json:"config"`
	Operations []struct {
		Name          string    `json:"name"`
		InTransaction bool      `json:"in_transaction"`
		Request       described `json:"request"`
		Reply         described `json:"reply"`
	} `json:"operations"`
}

func describe(t *testing.T) description {
	text, err := os.ReadFile("../describe.json")
	check(t, err)
	var all description
	check(t, json.Unmarshal(text, &all))
	return all
}

// spelled is how a name is spelled where its capitals do not count.
func spelled(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

func methodsOf(value any) map[string]reflect.Method {
	methods := map[string]reflect.Method{}
	for i := range reflect.TypeOf(value).NumMethod() {
		method := reflect.TypeOf(value).Method(i)
		if method.Type.NumIn() == 3 && strings.HasSuffix(method.Type.In(2).Name(), "Request") {
			if method.Type.NumOut() == 2 && method.Type.Out(0).Kind() == reflect.Pointer {
				methods[spelled(method.Name)] = method
			}
		}
	}
	return methods
}

func TestEveryOperationIsAMethodAndNothingElseIs(t *testing.T) {
	ofClient, ofTx := methodsOf(&dbosc.Client{}), methodsOf(&dbosc.Tx{})
	inClient, inTx := 0, 0
	for _, operation := range describe(t).Operations {
		if _, is := ofClient[spelled(operation.Name)]; !is {
			t.Errorf("%s is no method of Client", operation.Name)
		}
		inClient++
		if _, is := ofTx[spelled(operation.Name)]; is != operation.InTransaction {
			t.Errorf("%s: a method of Tx: %t", operation.Name, is)
		}
		if operation.InTransaction {
			inTx++
		}
	}
	if len(ofClient) != inClient || len(ofTx) != inTx {
		t.Errorf("%d methods of Client and %d of Tx, %d and %d operations", len(ofClient), len(ofTx), inClient, inTx)
	}
}

// fill sets everything in a value to something that is not its zero.
func fill(value reflect.Value) {
	switch value.Interface().(type) {
	case time.Time:
		value.Set(reflect.ValueOf(time.UnixMilli(1)))
		return
	case json.RawMessage:
		value.SetBytes([]byte("{}"))
		return
	case dbosc.IntOrString:
		value.Set(reflect.ValueOf(dbosc.IntOf(1)))
		return
	case dbosc.Clearable[any]:
		value.Set(reflect.ValueOf(dbosc.Clear[any]()))
		return
	}
	if strings.HasPrefix(value.Type().Name(), "Clearable[") {
		// Its fields are the package's own; that it is set is told by its second, as by Clear.
		fillClearable(value)
		return
	}
	switch value.Kind() {
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i))
		}
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0))
	case reflect.Interface:
		value.Set(reflect.ValueOf("x"))
	case reflect.String:
		value.SetString("x")
	case reflect.Bool:
		value.SetBool(true)
	default:
		value.SetInt(int64(time.Millisecond))
	}
}

func fillClearable(value reflect.Value) {
	for _, cleared := range []any{dbosc.Clear[int64](), dbosc.Clear[bool](), dbosc.Clear[string](),
		dbosc.Clear[time.Duration](), dbosc.Clear[dbosc.RateLimitOptions](),
		dbosc.Clear[dbosc.PartitionRateLimitOptions]()} {
		if reflect.TypeOf(cleared) == value.Type() {
			value.Set(reflect.ValueOf(cleared))
			return
		}
	}
	panic("no Clear of " + value.Type().String())
}

func keysOf(fields []described) []string {
	keys := []string{}
	for _, field := range fields {
		keys = append(keys, field.Key)
	}
	slices.Sort(keys)
	return keys
}

func writtenKeys(t *testing.T, request any) []string {
	text, err := json.Marshal(request)
	check(t, err)
	var object map[string]json.RawMessage
	check(t, json.Unmarshal(text, &object))
	keys := []string{}
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// required are the keys that a request has even when nothing is set.
func checkRequest(t *testing.T, name string, of reflect.Type, fields []described) {
	request := reflect.New(of)
	fill(request.Elem())
	if got, want := writtenKeys(t, request.Interface()), keysOf(fields); !slices.Equal(got, want) {
		t.Errorf("%s writes %v, the description has %v", name, got, want)
	}
}

// checkReply compares the tags of a reply's struct, and of those in it, with the description.
func checkReply(t *testing.T, name string, of reflect.Type, fields []described) {
	for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
		of = of.Elem()
	}
	keys, types := []string{}, map[string]reflect.Type{}
	for i := range of.NumField() {
		key := of.Field(i).Tag.Get("json")
		keys, types[key] = append(keys, key), of.Field(i).Type
	}
	slices.Sort(keys)
	if want := keysOf(fields); !slices.Equal(keys, want) {
		t.Errorf("%s reads %v, the description has %v", name, keys, want)
		return
	}
	for _, field := range fields {
		inner := field
		for inner.Items != nil {
			inner = described{Fields: inner.Items.Fields, Items: inner.Items.Items}
		}
		if len(inner.Fields) > 0 {
			checkReply(t, name+"."+field.Key, types[field.Key], inner.Fields)
		}
	}
}

func TestRequestsAndRepliesHaveTheKeysOfTheDescription(t *testing.T) {
	all := describe(t)
	methods := methodsOf(&dbosc.Client{})
	checkRequest(t, "Config", reflect.TypeOf(dbosc.Config{}), all.Config.Fields)
	for _, operation := range all.Operations {
		method, is := methods[spelled(operation.Name)]
		if !is {
			t.Fatalf("%s is no method", operation.Name)
		}
		checkRequest(t, operation.Name, method.Type.In(2), operation.Request.Fields)
		checkReply(t, operation.Name, method.Type.Out(0), operation.Reply.Fields)
	}
}

func TestWhatIsNotSetIsNotSent(t *testing.T) {
	for want, request := range map[string]any{
		`{}`:                                 dbosc.ListWorkflowsRequest{},
		`{"name":"q"}`:                       dbosc.UpdateQueueRequest{Name: "q"},
		`{"workflow_id":""}`:                 dbosc.GetResultRequest{},
		`{"workflow_ids":["a"]}`:             dbosc.ListWorkflowsRequest{WorkflowIDs: []string{"a"}},
		`{"load_input":false}`:               dbosc.ListWorkflowsRequest{LoadInput: dbosc.Ptr(false)},
		`{"limit":3,"timeout_ms":1}`:         dbosc.ListWorkflowsRequest{Limit: 3, Timeout: time.Microsecond},
		`{"start_time":1700000000123}`:       dbosc.ListWorkflowsRequest{StartTime: time.UnixMilli(1700000000123)},
		`{"workflow_id":"a","timeout_ms":0}`: dbosc.GetResultRequest{WorkflowID: "a", Timeout: dbosc.Ptr(time.Duration(0))},
		`{"name":"q","global_concurrency":null,"worker_concurrency":0}`: dbosc.UpdateQueueRequest{
			Name: "q", GlobalConcurrency: dbosc.Clear[int64](), WorkerConcurrency: dbosc.Set[int64](0)},
		`{"workflow_id":"a","start_step":"last_step"}`: dbosc.ForkWorkflowRequest{
			WorkflowID: "a", StartStep: dbosc.StringOf("last_step")},
		`{"workflow_id":"a","start_step":0}`: dbosc.ForkWorkflowRequest{WorkflowID: "a", StartStep: dbosc.IntOf(0)},
	} {
		text, err := json.Marshal(request)
		check(t, err)
		if string(text) != want {
			t.Errorf("%s instead of %s", text, want)
		}
	}
}
