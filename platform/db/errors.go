package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"minimart/platform/fault"
)

const (
	alreadyThere   = "there is already a %s with this %s"
	brokenLink     = "this refers to something that is not there, or something still refers to it"
	missingValue   = "a value is missing"
	brokenRule     = "this breaks the rule %s"
	badValue       = "the value does not fit"
	notText        = "the text holds a zero byte or is not UTF-8"
	notReachable   = "the database does not answer; try again"
	tooBusy        = "the database is busy; try again"
	diskFull       = "the disk of the database is full"
	noStorage      = "the database cannot read or write its file"
	closing        = "the database is closing"
	groupLost      = "the change was rolled back together with others; try again"
	unknownOutcome = "the database went away during the commit: it is unknown whether the change was saved"
)

var _ = fault.Chinese(map[string]string{
	alreadyThere:   "已存在 %s，其 %s 与此相同",
	brokenLink:     "引用的内容不存在，或仍被引用",
	missingValue:   "缺少必填的值",
	brokenRule:     "违反规则 %s",
	badValue:       "值不符合要求",
	notText:        "文本含有零字节，或不是 UTF-8 编码",
	notReachable:   "数据库没有响应，请重试",
	tooBusy:        "数据库繁忙，请重试",
	diskFull:       "数据库所在磁盘已满",
	noStorage:      "数据库无法读写其文件",
	closing:        "数据库正在关闭",
	groupLost:      "更改与其他更改一起被回滚，请重试",
	unknownOutcome: "数据库在提交时断开：无法确定更改是否已保存",
})

// isConflict is true for the error of a transaction that lost to another and may win if it is run again.
func isConflict(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// badText is the error for a text argument that PostgreSQL would refuse.
type badText struct{ ordinal int }

func (e badText) Error() string {
	return fmt.Sprintf("argument $%d holds a zero byte or is not UTF-8", e.ordinal)
}

// explainSQLite turns the driver's errors into faults. Errors that are our own mistakes, such as bad SQL, stay as they are.
func explainSQLite(err error) error {
	var text badText
	if errors.As(err, &text) {
		return fault.Invalid("", notText).WithCause(err)
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		table, columns := sqliteColumns(e.Error(), "UNIQUE constraint failed: ")
		return fault.Conflict(alreadyThere, table, columns).WithCause(err)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return fault.Conflict(brokenLink).WithCause(err)
	case sqlite3.SQLITE_CONSTRAINT_NOTNULL:
		_, column := sqliteColumns(e.Error(), "NOT NULL constraint failed: ")
		return fault.Invalid(column, missingValue).WithCause(err)
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		_, rule, _ := strings.Cut(e.Error(), "CHECK constraint failed: ")
		return fault.Invalid("", brokenRule, withoutCode(rule)).WithCause(err)
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fault.Unavailable(tooBusy).WithCause(err)
	case sqlite3.SQLITE_FULL:
		return fault.Unavailable(diskFull).WithCause(err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL:
		return fault.Unavailable(noStorage).WithCause(err)
	case sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_CONSTRAINT:
		return fault.Invalid("", badValue).WithCause(err)
	}
	return err
}

// explainReader is explainSQLite for connections that only read: there a refused write is the mistake of the caller.
func explainReader(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_READONLY {
		return fmt.Errorf("%w (%w)", errReadOnly, err)
	}
	return explainSQLite(err)
}

// sqliteColumns reads "constraint failed: UNIQUE constraint failed: order.shop_id, order.idem (2067)".
func sqliteColumns(message, before string) (table, columns string) {
	_, list, _ := strings.Cut(message, before)
	var names []string
	for _, full := range strings.Split(withoutCode(list), ", ") {
		t, column, found := strings.Cut(full, ".")
		if !found {
			return "row", full
		}
		table, names = t, append(names, column)
	}
	return table, strings.Join(names, ", ")
}

func withoutCode(message string) string {
	if i := strings.LastIndex(message, " ("); i >= 0 {
		return message[:i]
	}
	return message
}

// explainPostgres turns the driver's errors into faults. The classes are those of appendix A of PostgreSQL's manual.
func explainPostgres(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		var network net.Error
		var connecting *pgconn.ConnectError
		if errors.As(err, &network) || errors.As(err, &connecting) || pgconn.SafeToRetry(err) || isBroken(err) {
			return fault.Unavailable(notReachable).WithCause(err)
		}
		return err
	}
	switch pg.Code {
	case "23505":
		return fault.Conflict(alreadyThere, pg.TableName, postgresColumns(pg)).WithCause(err)
	case "23503":
		return fault.Conflict(brokenLink).WithCause(err)
	case "23502":
		return fault.Invalid(pg.ColumnName, missingValue).WithCause(err)
	case "23514":
		return fault.Invalid("", brokenRule, pg.ConstraintName).WithCause(err)
	case "22021", "22P05":
		return fault.Invalid("", notText).WithCause(err)
	case "25006":
		return fmt.Errorf("%w (%w)", errReadOnly, err)
	case "40001", "40P01", "55P03":
		return fault.Unavailable(tooBusy).WithCause(err)
	case "53100":
		return fault.Unavailable(diskFull).WithCause(err)
	case "57014": // a statement timeout, or somebody cancelled it
		return fault.Unavailable(notReachable).WithCause(err)
	}
	switch pg.Code[:min(2, len(pg.Code))] {
	case "22":
		return fault.Invalid("", badValue).WithCause(err)
	case "08", "53", "57":
		return fault.Unavailable(notReachable).WithCause(err)
	case "58":
		return fault.Unavailable(noStorage).WithCause(err)
	}
	return err
}

// explainCommit is explainPostgres for a commit, whose failure may leave the outcome open: only the server's own word
// that it did not commit counts.
func explainCommit(err error) error {
	var pg *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, pgx.ErrTxCommitRollback):
		return err
	case errors.As(err, &pg) && !strings.HasPrefix(pg.Code, "08") && !strings.HasPrefix(pg.Code, "57"):
		return explainPostgres(err)
	}
	return fault.Unavailable(unknownOutcome).WithCause(err)
}

func isBroken(err error) bool {
	text := err.Error() // pgx has no type for these
	return strings.Contains(text, "conn closed") || strings.Contains(text, "unexpected EOF")
}

// postgresColumns reads the detail "Key (shop_id, idem)=(1, x) already exists.".
func postgresColumns(pg *pgconn.PgError) string {
	if _, rest, ok := strings.Cut(pg.Detail, "Key ("); ok {
		if columns, _, ok := strings.Cut(rest, ")=("); ok {
			return columns
		}
	}
	return pg.ConstraintName
}
