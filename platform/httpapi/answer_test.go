package httpapi

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"testing"

	"minimart/platform/clock"
)

func TestAnswersWithManyThingsHaveOneShape(t *testing.T) {
	for want, answer := range map[string]func() (any, error){
		`{"items":["1","2"]}`:            func() (any, error) { a, err := Listed([]int{1, 2}, nil, strconv.Itoa); return a.Body, err },
		`{"items":[],"next":""}`:         func() (any, error) { a, err := Paged(nil, "", nil, strconv.Itoa); return a.Body, err },
		`{"items":["3"],"next":"after"}`: func() (any, error) { a, err := Paged([]int{3}, "after", nil, strconv.Itoa); return a.Body, err },
	} {
		body, err := answer()
		if text, _ := json.Marshal(body); string(text) != want || err != nil {
			t.Errorf("%s, %v; want %s", text, err, want)
		}
	}
	sorry := errors.New("sorry")
	if _, err := Listed([]int{1}, sorry, strconv.Itoa); !errors.Is(err, sorry) {
		t.Error(err)
	}
}

func TestSchemasOfAnswersAreNamedAfterTheRoomOfWhatTheyHold(t *testing.T) {
	name := schemaNames()
	for want, shape := range map[string]reflect.Type{
		"ClockPageFake": reflect.TypeFor[Page[clock.Fake]](),
		"ClockListFake": reflect.TypeFor[*List[clock.Fake]](),
		"ClockFake":     reflect.TypeFor[clock.Fake](),
		"ListString":    reflect.TypeFor[List[string]](),
		"Problem":       reflect.TypeFor[Problem](),
	} {
		if got := name(shape, ""); got != want {
			t.Errorf("%s is named %s, want %s", shape, got, want)
		}
	}
}
