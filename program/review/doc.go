// Package review stands between an uploaded version and the consumers: it looks a version over, shows the operator's
// reviewers what is new and what is doubtful in it, and keeps what they decide and why.
//
//	err := db.Migrate(ctx, "review", review.Schema)
//	reviews := review.New(review.Config{DB: db, Releases: releases, Capabilities: capabilities, Log: accounts, Clock: clock.System})
//
//	r, err := reviews.Submit(ctx, developer, app, version, "new: gift cards") // findings and diff are worked out here
//	page, next, err := reviews.Queue(ctx, reviewer, review.Filter{State: review.Pending}, "", 20)
//	full, err := reviews.Review(ctx, reviewer, r.ID)   // full.Findings, full.Diff
//	r, err = reviews.Decide(ctx, reviewer, r.ID, review.Decision{Verdict: review.Rejected, Reasons: []review.Reason{{File: "pages/cart/index.jxml", Line: 14, Text: "…"}}})
//
// Nothing of a package is run. What is found is what can be read in it: see README.md for what cannot.
package review
