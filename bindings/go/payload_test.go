package dbosc_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"dbosc.dev/dbosc"
)

// roundTrip sends a payload to a workflow and gives what is stored of it.
func (w world) roundTrip(t *testing.T, payload any) json.RawMessage {
	t.Helper()
	id := w.enqueue(t)
	_, err := w.Send(soon(t), dbosc.SendRequest{DestinationID: id, Message: payload})
	check(t, err)
	reply, err := w.ListMessages(soon(t), dbosc.ListMessagesRequest{WorkflowID: id})
	check(t, err)
	if len(reply.Messages) != 1 {
		t.Fatalf("%d messages", len(reply.Messages))
	}
	return reply.Messages[0].Message
}

// letters are those on which encodings stumble; U+0000 is refused, see below.
var letters = []rune("aZ0 \"\\/\b\f\n\r\t\x01\x7f<>&'éßñ\u2028\u2029\ufeff\uffff日本語🙂👩‍👩‍👧‍👦𝄞\U0010ffff")

func someText(random *rand.Rand) string {
	var text strings.Builder
	for range random.IntN(20) {
		text.WriteRune(letters[random.IntN(len(letters))])
	}
	return text.String()
}

func someNumber(random *rand.Rand) json.Number {
	number := fmt.Sprint(random.Int64())
	for range random.IntN(4) {
		number += fmt.Sprint(random.Uint64())
	}
	return json.Number([]string{"", "-"}[random.IntN(2)] + number)
}

// someValue is any JSON: what encoding/json makes of it with UseNumber.
func someValue(random *rand.Rand, depth int) any {
	switch kind := random.IntN(8); {
	case kind == 0:
		return nil
	case kind == 1:
		return random.IntN(2) == 0
	case kind == 2:
		return someNumber(random)
	case kind == 3 && depth > 0:
		list := []any{}
		for range random.IntN(4) {
			list = append(list, someValue(random, depth-1))
		}
		return list
	case kind == 4 && depth > 0:
		object := map[string]any{}
		for range random.IntN(4) {
			object["k"+someText(random)] = someValue(random, depth-1)
		}
		return object
	default:
		return someText(random)
	}
}

func TestPayloadsAreUnharmed(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		seed := rand.Uint64()
		random := rand.New(rand.NewPCG(seed, 0))
		values := []any{nil, "", "🙂", []any{}, map[string]any{}, false, json.Number("0"), json.Number("-0"),
			json.Number("12345678901234567890123"), json.Number("1.10"), json.Number("1e400"), strings.Repeat("é", 70_000)}
		for range 60 {
			values = append(values, someValue(random, 3))
		}
		for _, value := range values {
			stored := w.roundTrip(t, value)
			got, err := dbosc.As[any](stored)
			check(t, err)
			if !reflect.DeepEqual(got, value) {
				t.Fatalf("seed %d: %#v came back as %#v", seed, value, got)
			}
		}
	})
}

func TestTextThatIsJSONAlreadyKeepsEveryDigit(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for _, text := range []string{`1.10`, `1E400`, `-0.0`, `{"b":1.0,"a":12345678901234567890123}`, `"\u00e9"`} {
			stored := w.roundTrip(t, json.RawMessage(text))
			var compact bytes.Buffer
			check(t, json.Compact(&compact, stored))
			got, err := dbosc.As[any](stored)
			check(t, err)
			want, err := dbosc.As[any](json.RawMessage(text))
			check(t, err)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s came back as %s", text, stored)
			}
		}
	})
}

func TestNulInATextIsRefusedNotCut(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		_, err := w.Enqueue(soon(t), dbosc.EnqueueRequest{WorkflowName: "a\x00b", QueueName: "unheard"})
		if err == nil {
			t.Error("a name with U+0000 was taken")
		}
		id := w.enqueue(t)
		_, err = w.Send(soon(t), dbosc.SendRequest{DestinationID: id, Message: "a\x00b"})
		if err != nil {
			return
		}
		reply, err := w.ListMessages(soon(t), dbosc.ListMessagesRequest{WorkflowID: id})
		check(t, err)
		if got, err := dbosc.As[string](reply.Messages[0].Message); err != nil || got != "a\x00b" {
			t.Errorf("it came back as %q, %v", got, err)
		}
	})
}

type order struct {
	Number   int64             `json:"number"`
	Customer string            `json:"customer"`
	Lines    map[string]uint64 `json:"lines"`
	Note     *string           `json:"note"`
}

func TestPayloadsAreTheCallersOwnTypes(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		sent := order{9007199254740993, "Ada 🙂", map[string]uint64{"tea": 18446744073709551615}, nil}
		got, err := dbosc.As[order](w.roundTrip(t, sent))
		check(t, err)
		if !reflect.DeepEqual(got, sent) {
			t.Errorf("%+v instead of %+v", got, sent)
		}
	})
}
