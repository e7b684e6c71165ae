package dbosc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// Ptr makes a pointer to a value, for fields whose zero says something: Delay: dbosc.Ptr(time.Hour).
func Ptr[T any](value T) *T { return &value }

// As makes a value of a payload, as encoding/json does, but that numbers in an any are json.Number
// with every digit.
func As[T any](payload json.RawMessage) (T, error) {
	var value T
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	err := decoder.Decode(&value)
	return value, err
}

// Clearable is a setting that a request can leave as it is (its zero value), set, or clear.
type Clearable[T any] struct {
	value T
	state clearableState
}

type clearableState uint8

const (
	kept clearableState = iota
	given
	cleared
)

// Set changes a setting.
func Set[T any](value T) Clearable[T] { return Clearable[T]{value, given} }

// Clear takes a setting away.
func Clear[T any]() Clearable[T] { return Clearable[T]{state: cleared} }

// IntOrString is a number or a text, see IntOf and StringOf.
type IntOrString struct {
	number int64
	text   string
	kind   uint8
}

// IntOf is the number.
func IntOf(number int64) IntOrString { return IntOrString{number: number, kind: 1} }

// StringOf is the text.
func StringOf(text string) IntOrString { return IntOrString{text: text, kind: 2} }

// --- Writing --------------------------------------------------------------------------------------

// object writes a JSON object. The first error stays.
type object struct {
	text []byte
	err  error
}

type writer[T any] func(o *object, value T)

// request is a part of a request; the generated structs are.
type request interface{ write(o *object) }

func written(write func(o *object)) ([]byte, error) {
	o := object{text: make([]byte, 0, 128)}
	o.object(write)
	return o.text, o.err
}

func (o *object) object(write func(o *object)) {
	o.text = append(o.text, '{')
	write(o)
	o.text = append(o.text, '}')
}

func (o *object) key(key string) {
	if o.text[len(o.text)-1] != '{' {
		o.text = append(o.text, ',')
	}
	o.text = append(append(append(o.text, '"'), key...), '"', ':')
}

func (o *object) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

func put[T any](o *object, key string, value T, write writer[T]) {
	o.key(key)
	before := o.err
	write(o, value)
	if o.err != before {
		o.err = fmt.Errorf("%s: %w", key, o.err)
	}
}

func putSet[T comparable](o *object, key string, value T, write writer[T]) {
	var unset T
	if value != unset {
		put(o, key, value, write)
	}
}

func putPointer[T any](o *object, key string, value *T, write writer[T]) {
	if value != nil {
		put(o, key, *value, write)
	}
}

func putValue(o *object, key string, value any, write writer[any]) {
	if value != nil {
		put(o, key, value, write)
	}
}

func putInstant(o *object, key string, value time.Time, write writer[time.Time]) {
	if !value.IsZero() {
		put(o, key, value, write)
	}
}

func putClearable[T any](o *object, key string, value Clearable[T], write writer[T]) {
	switch value.state {
	case given:
		put(o, key, value.value, write)
	case cleared:
		put(o, key, nil, writeValue)
	}
}

// putList leaves out nil, not an empty list.
func putList[T any](o *object, key string, values []T, write writer[T]) {
	if values != nil {
		putRequiredList(o, key, values, write)
	}
}

func putRequiredList[T any](o *object, key string, values []T, write writer[T]) {
	put(o, key, values, func(o *object, values []T) {
		o.text = append(o.text, '[')
		for i, value := range values {
			if i > 0 {
				o.text = append(o.text, ',')
			}
			write(o, value)
		}
		o.text = append(o.text, ']')
	})
}

func writeText(o *object, value string) {
	if !utf8.ValidString(value) {
		// encoding/json would put U+FFFD in its place.
		o.fail(errors.New("the text is not UTF-8"))
	}
	if isPlain(value) {
		o.text = append(append(append(o.text, '"'), value...), '"')
		return
	}
	writeValue(o, value)
}

// isPlain tells whether a text needs nothing but quotes around it.
func isPlain(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func writeName[T ~string](o *object, value T) { writeText(o, string(value)) }
func writeInteger(o *object, value int64)     { o.text = strconv.AppendInt(o.text, value, 10) }
func writeFlag(o *object, value bool)         { o.text = strconv.AppendBool(o.text, value) }
func writeInstant(o *object, value time.Time) { writeInteger(o, value.UnixMilli()) }

// writeDuration rounds up, so that a short time does not become none.
func writeDuration(o *object, value time.Duration) {
	ms := value / time.Millisecond
	if value%time.Millisecond > 0 {
		ms++
	}
	writeInteger(o, int64(ms))
}

func writeIntOrString(o *object, value IntOrString) {
	if value.kind == 2 {
		writeText(o, value.text)
	} else {
		writeInteger(o, value.number)
	}
}

func writeObject[T any, P interface {
	*T
	request
}](o *object, value T) {
	o.object(P(&value).write)
}

// writeRaw writes text that is JSON already, untouched.
func writeRaw(o *object, value json.RawMessage) {
	switch {
	case value == nil:
		o.text = append(o.text, "null"...)
	case !json.Valid(value):
		o.fail(errors.New("the text is not JSON"))
	default:
		o.text = append(o.text, value...)
	}
}

func writeValue(o *object, value any) {
	if raw, is := value.(json.RawMessage); is {
		writeRaw(o, raw)
		return
	}
	buffer := bytes.NewBuffer(o.text)
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		o.fail(err)
		return
	}
	o.text = bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

// --- Reading --------------------------------------------------------------------------------------

// These read milliseconds into what they point to, and leave it at zero for null.
type (
	instant          struct{ to *time.Time }
	instants         struct{ to *[]time.Time }
	duration         struct{ to *time.Duration }
	optionalDuration struct{ to **time.Duration }
)

func (i instant) UnmarshalJSON(text []byte) error {
	return readMilliseconds(text, func(ms int64) { *i.to = time.UnixMilli(ms) })
}

func (i instants) UnmarshalJSON(text []byte) error {
	var all []int64
	err := json.Unmarshal(text, &all)
	*i.to = make([]time.Time, len(all))
	for n, ms := range all {
		(*i.to)[n] = time.UnixMilli(ms)
	}
	return err
}

func (d duration) UnmarshalJSON(text []byte) error {
	return readMilliseconds(text, func(ms int64) { *d.to = time.Duration(ms) * time.Millisecond })
}

func (d optionalDuration) UnmarshalJSON(text []byte) error {
	return readMilliseconds(text, func(ms int64) { *d.to = Ptr(time.Duration(ms) * time.Millisecond) })
}

func readMilliseconds(text []byte, take func(ms int64)) error {
	var ms *int64
	if err := json.Unmarshal(text, &ms); err != nil || ms == nil {
		return err
	}
	take(*ms)
	return nil
}
