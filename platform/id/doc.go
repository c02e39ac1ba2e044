// Package id makes the identifiers of the house: short, typed, sortable by the time they were made.
//
//	id.New("app")   // "app_01JZ4T8K5N3Q0V9W2X7Y6R1M4C"
//
// The part after the prefix is a ULID: 48 bits of unix milliseconds and 80 bits of randomness in Crockford base32. Ids
// made by one Source sort in the order they were made, even within a millisecond and when the clock is set back. They are
// made by the app, never by the database, so that a row can be named before it is stored and both engines agree.
//
// An id is a name, not a secret: whoever knows one may guess its neighbours.
package id
