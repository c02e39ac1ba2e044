package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Frame is a document in a page: the page's own, or a frame's in it. Selectors may reach into open shadow roots:
// "host-app >>> .tile". A step in quotation marks looks for the words that an element shows, no more and no less,
// counting what is in its parts or not: `.sheet >>> "Add to cart"`. Of several elements the first that can be seen is taken.
type Frame struct {
	page *Page
	id   string // "" for the top document
}

// find is the function that turns a selector with >>> into an element, in the document's own language.
const find = `(selector => {
  const seen = el => el.getClientRects().length > 0 && el.checkVisibility({ visibilityProperty: true });
  const within = (root, step) => {
    const all = [...(root.shadowRoot || root).querySelectorAll(step.startsWith('"') ? "*" : step)];
    if (!step.startsWith('"')) return all;
    const words = step.slice(1, -1);
    const own = el => [...el.childNodes].map(n => n.nodeType === Node.TEXT_NODE ? n.data : "").join("").trim();
    const says = all.filter(el => el.textContent.includes(words) && (el.innerText?.trim() === words || own(el) === words));
    return says.filter(el => !says.some(inner => inner !== el && el.contains(inner)));
  };
  let at = [document];
  for (const step of selector.split(">>>")) at = at.flatMap(root => within(root, step.trim()));
  return at.find(seen) || at[0];
})`

// Eval evaluates an expression, awaiting it when it is a promise, and stores its JSON value in out unless out is nil.
func (f *Frame) Eval(expression string, out any) error {
	ctx, cancel := context.WithTimeout(f.page.ctx, patience)
	defer cancel()
	yes := true
	params := runtime.EvaluateParams{Expression: expression, ReturnByValue: &yes, AwaitPromise: &yes}
	if f.id != "" {
		f.page.mu.Lock()
		w, ok := f.page.worlds[f.id]
		f.page.mu.Unlock()
		if !ok {
			return fmt.Errorf("the frame is gone")
		}
		params.UniqueContextID = w.unique
	}
	result, err := chromedp.Call(ctx, runtime.Evaluate, params)
	if err != nil {
		return err
	}
	if result.ExceptionDetails != nil {
		return fmt.Errorf("%s", describe(result.ExceptionDetails))
	}
	if out == nil || len(result.Result.Value) == 0 {
		return nil
	}
	return json.Unmarshal(result.Result.Value, out)
}

// Await waits until an expression is true.
func (f *Frame) Await(expression string) {
	f.page.t.Helper()
	deadline := time.Now().Add(patience)
	var last error
	for {
		var ok bool
		if last = f.Eval("Boolean("+expression+")", &ok); last == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			f.page.t.Fatalf("never became true: %s (last error %v)\nerrors so far: %v\ntext: %.1500s", strings.ReplaceAll(expression, find, "find"), last, f.page.Errors(), f.Text("body"))
		}
		time.Sleep(40 * time.Millisecond)
	}
}

// Text returns what an element shows, "" when it is not there.
func (f *Frame) Text(selector string) string {
	var text string
	_ = f.Eval(fmt.Sprintf(`(el => el ? el.innerText : "")(%s(%q))`, find, selector), &text)
	return text
}

// AwaitText waits until an element shows text that contains the words.
func (f *Frame) AwaitText(selector, words string) {
	f.page.t.Helper()
	f.Await(fmt.Sprintf(`(el => el && el.innerText.includes(%q))(%s(%q))`, words, find, selector))
}

// Click scrolls an element into view, waits until it stands still, and presses the mouse in its middle.
func (f *Frame) Click(selector string) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	f.page.ClickAt(x, y)
}

// middle of an element in the coordinates of the window.
func (f *Frame) middle(selector string) (x, y float64) {
	f.page.t.Helper()
	// What a fixed bar covers at the edge of the screen is brought to the middle.
	look := fmt.Sprintf(`(el => { if (!el) return { problem: "it is not there" };
		el.scrollIntoView({block: "nearest", inline: "nearest", behavior: "instant"});
		const place = () => { const r = el.getBoundingClientRect(); return { at: [r.x + r.width / 2, r.y + r.height / 2], problem: r.width && r.height ? "" : "it has no size" } };
		const over = p => { const hit = el.getRootNode().elementFromPoint(...p.at);
			return !hit || hit.contains(el) || el.contains(hit) ? "" : "covered by " + hit.outerHTML.slice(0, 200) };
		let p = place();
		if (p.problem || !over(p)) return p;
		el.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
		p = place();
		return { at: p.at, problem: p.problem || over(p) } })(%s(%q))`, find, selector)
	type place struct {
		At      [2]float64
		Problem string
	}
	var now, before place
	deadline := time.Now().Add(patience)
	for {
		before, now = now, place{Problem: "it is not there"}
		err := f.Eval(look, &now)
		if err == nil && now.Problem == "" && now == before {
			break
		}
		if time.Now().After(deadline) {
			f.page.t.Fatalf("nothing to point at: %s: %s (%v)\nerrors so far: %v\ntext: %.1500s", selector, now.Problem, err, f.page.Errors(), f.Text("body"))
		}
		time.Sleep(60 * time.Millisecond)
	}
	at := now.At
	offset := f.offset()
	return at[0] + offset[0], at[1] + offset[1]
}

// offset of the frame in the window. Only one frame is on screen at a time in this project.
func (f *Frame) offset() (xy [2]float64) {
	if f.id == "" {
		return xy
	}
	_ = f.page.Top().Eval(`(() => { const walk = root => { for (const el of root.querySelectorAll("*")) {
		if (el.tagName === "IFRAME" && el.getClientRects().length) { const r = el.getBoundingClientRect(); return [r.x + el.clientLeft, r.y + el.clientTop] }
		const inner = el.shadowRoot && walk(el.shadowRoot); if (inner) return inner } return null }; return walk(document) || [0, 0] })()`, &xy)
	return xy
}

// Tap scrolls an element into view, waits until it stands still, and touches its middle with a finger.
func (f *Frame) Tap(selector string) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	f.page.Run(chromedp.TapXY(x, y))
}

// Hold keeps a finger on an element for a while, which is a long press.
func (f *Frame) Hold(selector string, while time.Duration) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	f.page.Run(touch(input.DispatchTouchEventTypeTouchStart, x, y), chromedp.Sleep(while), touch(input.DispatchTouchEventTypeTouchEnd))
}

// Swipe puts a finger on an element, moves it by (dx, dy) and lifts it: a negative dy scrolls down.
func (f *Frame) Swipe(selector string, dx, dy float64) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	const steps = 12
	actions := []chromedp.Action[chromedp.Void]{touch(input.DispatchTouchEventTypeTouchStart, x, y)}
	for i := 1; i <= steps; i++ {
		actions = append(actions, touch(input.DispatchTouchEventTypeTouchMove, x+dx*float64(i)/steps, y+dy*float64(i)/steps), chromedp.Sleep(16*time.Millisecond))
	}
	// A browser takes a tap that follows at once for the end of the glide, not for a tap.
	f.page.Run(append(actions, touch(input.DispatchTouchEventTypeTouchEnd), chromedp.Sleep(400*time.Millisecond))...)
}

// touch is one event of one finger; at is its place, empty when it has been lifted.
func touch(kind input.DispatchTouchEventType, at ...float64) chromedp.Action[chromedp.Void] {
	points := []*input.TouchPoint{}
	if len(at) == 2 {
		points = append(points, &input.TouchPoint{X: at[0], Y: at[1]})
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		return err
	})
}

// tiny keeps a zero in the message: the protocol demands both distances, and the library leaves zeros out.
const tiny = 0.001

// Roll turns the mouse wheel over an element by (dx, dy) pixels.
func (f *Frame) Roll(selector string, dx, dy float64) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	ctx, cancel := context.WithTimeout(f.page.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseWheel, X: x, Y: y, DeltaX: dx + tiny, DeltaY: dy + tiny}); err != nil {
		f.page.t.Fatalf("turn the wheel over %s: %v", selector, err)
	}
}

// Drag presses the mouse on an element and moves it by (dx, dy) in steps before letting go.
func (f *Frame) Drag(selector string, dx, dy float64) {
	f.page.t.Helper()
	x, y := f.middle(selector)
	const steps = 12
	actions := []chromedp.Action[chromedp.Void]{chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1))}
	for i := 1; i <= steps; i++ {
		actions = append(actions, chromedp.MouseEvent(chromedp.MouseMoved, x+dx*float64(i)/steps, y+dy*float64(i)/steps, chromedp.ButtonLeft),
			chromedp.Sleep(16*time.Millisecond))
	}
	f.page.Run(append(actions, chromedp.MouseEvent(chromedp.MouseReleased, x+dx, y+dy, chromedp.ButtonLeft, chromedp.ClickCount(1)))...)
}

// Fill clicks an input and types the text, replacing what is there.
func (f *Frame) Fill(selector, text string) {
	f.page.t.Helper()
	f.Click(selector)
	f.page.Run(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	ctx, cancel := context.WithTimeout(f.page.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
		f.page.t.Fatalf("type %q: %v", text, err)
	}
}

// ClickAt presses the mouse at a point of the window.
func (p *Page) ClickAt(x, y float64) {
	p.t.Helper()
	p.Run(chromedp.MouseClickXY(x, y))
}

// Press types a key, for example kb.Escape of chromedp's package kb.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.Run(chromedp.KeyEvent(key))
}

// Tap, Click, Await, AwaitText, Fill and Text of the page's own document.
func (p *Page) Tap(selector string)              { p.t.Helper(); p.Top().Tap(selector) }
func (p *Page) Click(selector string)            { p.t.Helper(); p.Top().Click(selector) }
func (p *Page) Await(expression string)          { p.t.Helper(); p.Top().Await(expression) }
func (p *Page) AwaitText(selector, words string) { p.t.Helper(); p.Top().AwaitText(selector, words) }
func (p *Page) Fill(selector, text string)       { p.t.Helper(); p.Top().Fill(selector, text) }
func (p *Page) Text(selector string) string      { return p.Top().Text(selector) }
