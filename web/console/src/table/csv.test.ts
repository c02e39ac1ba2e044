import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, csv } from "./csv";

test("text that a spreadsheet would run stays text", () => {
  for (const evil of ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "＝1+1"]) {
    assert.match(cell(evil).replace(/^"/, ""), /^'/, JSON.stringify(evil));
  }
  assert.equal(cell("a=b"), "a=b");
});

test("a number is a number, below zero too", () => {
  assert.equal(cell(-12), "-12");
  assert.equal(cell(0), "0");
  assert.equal(cell(true), "true");
  assert.equal(cell(null), "");
  assert.equal(cell(undefined), "");
});

test("quotes, commas, line breaks and spaces around survive", () => {
  assert.equal(cell('say "hi", all'), '"say ""hi"", all"');
  assert.equal(cell("two\nlines"), '"two\nlines"');
  assert.equal(cell(" padded "), '" padded "');
});

test("a file begins with a byte order mark and ends each line as RFC 4180 says", () => {
  assert.equal(csv(["名称", "n"], [["店", 1], ["=x", 2]]), "\uFEFF名称,n\r\n店,1\r\n'=x,2\r\n");
});
