package account

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"

	"minimart/open/account/accountdb"
	"minimart/platform/allowance"
	"minimart/platform/clock"
	"minimart/platform/db"
	"minimart/platform/fault"
	"minimart/platform/id"
)

// DocumentKind is what a document proves.
type DocumentKind string

// The kinds of documents. A submission needs a business licence.
const (
	BusinessLicence DocumentKind = "business-licence" // 营业执照
	Representative  DocumentKind = "representative"   // 法定代表人证件
	Authorisation   DocumentKind = "authorisation"    // 授权书, also for the use of a brand
	OtherDocument   DocumentKind = "other"
)

// DocumentKinds are all of them.
var DocumentKinds = []DocumentKind{BusinessLicence, Representative, Authorisation, OtherDocument}

// Limits on documents.
const (
	MaxDocument  = 10 << 20 // bytes of one
	maxDocuments = 20       // per organisation
)

// Document is a file that speaks for an organisation.
type Document struct {
	ID          string
	Kind        DocumentKind
	Name        string // as it was called, with an ending that fits
	ContentType string // application/pdf, image/png or image/jpeg, by its bytes
	Bytes       int64
	UploadedBy  string // person
	CreatedAt   int64  // unix ms
}

// NewDocument is what AddDocument needs.
type NewDocument struct {
	Kind  DocumentKind
	Name  string // 1 to 100 characters
	Bytes []byte // PDF, PNG or JPEG of at most 10 MiB
}

var documentEndings = map[string][]string{
	"application/pdf": {".pdf"}, "image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"},
}

// check answers the input in the spelling it is kept in, and its type.
func (in NewDocument) check() (NewDocument, string, error) {
	var c fault.Checks
	c.Require(slices.Contains(DocumentKinds, in.Kind), "kind", noDocumentKind, fault.Cut(string(in.Kind), 30))
	if i := strings.LastIndexAny(in.Name, `/\`); i >= 0 { // some browsers send a path
		in.Name = in.Name[i+1:]
	}
	in.Name = c.Line("name", in.Name, maxFileName)
	c.Require(in.Name != "", "name", fileNameMissing)
	contentType := http.DetectContentType(in.Bytes)
	endings, known := documentEndings[contentType]
	switch {
	case len(in.Bytes) == 0:
		c.Add("file", fileEmpty)
	case len(in.Bytes) > MaxDocument:
		c.Add("file", fileTooLarge, len(in.Bytes), MaxDocument)
	case !known:
		c.Add("file", fileType)
	case !slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(in.Name), e) }):
		in.Name += endings[0] // a name must not promise a browser what the bytes are not
	}
	return in, contentType, c.Err()
}

func documentKey(document, contentType string) string {
	return "account/document/" + document + documentEndings[contentType][0]
}

// AddDocument stores a document of an organisation that is neither under review nor verified. Its owners may call it.
// Errors: invalid with every field that is wrong; not_found; denied; conflict; exhausted; unavailable.
func (s *Service) AddDocument(ctx context.Context, by Session, org string, in NewDocument) (Document, error) {
	in, contentType, err := in.check()
	if err != nil {
		return Document{}, err
	}
	d := Document{
		ID: id.New(DocumentPrefix), Kind: in.Kind, Name: in.Name, ContentType: contentType, Bytes: int64(len(in.Bytes)), UploadedBy: by.Person, CreatedAt: clock.Millis(s.clock),
	}
	var refused *fault.Fault
	err = s.db.Update(ctx, func(tx db.Tx) (err error) { // before megabytes are stored for nothing
		if err := s.mayAddDocument(ctx, tx, by, org); err != nil {
			return err
		}
		refused, err = allowance.Take(ctx, tx, d.CreatedAt, documentsPerOrg.Of(org))
		return err
	})
	if err == nil && refused != nil {
		err = refused
	}
	if err != nil {
		return Document{}, err
	}
	key := documentKey(d.ID, contentType)
	if err := s.blobs.Put(ctx, key, bytes.Clone(in.Bytes), contentType); err != nil {
		return Document{}, err
	}
	err = s.db.Update(ctx, func(tx db.Tx) error {
		if err := s.mayAddDocument(ctx, tx, by, org); err != nil {
			return err
		}
		err := accountdb.New(tx).AddDocument(ctx, accountdb.AddDocumentParams{
			ID: d.ID, OrgID: org, Kind: string(d.Kind), Name: d.Name, ContentType: contentType, Bytes: d.Bytes, UploadedBy: by.Person, CreatedAt: d.CreatedAt,
		})
		if err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "document.added", Target: d.ID, Detail: map[string]string{"kind": string(d.Kind), "name": d.Name}, IP: by.From.Address})
	})
	if err != nil {
		return Document{}, errors.Join(err, s.blobs.Delete(context.WithoutCancel(ctx), key))
	}
	return d, nil
}

func (s *Service) mayAddDocument(ctx context.Context, tx db.Tx, by Session, org string) error {
	if err := s.mayChangeDocuments(ctx, tx, by, org); err != nil {
		return err
	}
	n, err := accountdb.New(tx).CountDocuments(ctx, org)
	if err == nil && n >= maxDocuments {
		err = fault.Exhausted(tooManyDocuments, maxDocuments)
	}
	return err
}

func (s *Service) mayChangeDocuments(ctx context.Context, tx db.Tx, by Session, org string) error {
	if err := s.AuthorizeIn(ctx, tx, by, org, OrganisationWrite); err != nil {
		return err
	}
	o, err := findOrganisation(ctx, tx, org)
	if err == nil && !o.State.open() {
		err = fault.Conflict(notOpen, o.State)
	}
	return err
}

// Documents lists an organisation's documents, the oldest first. Its owners, operations and finance may call it.
// Errors: not_found; denied; unavailable.
func (s *Service) Documents(ctx context.Context, by Session, org string) ([]Document, error) {
	var out []Document
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, DocumentRead); err != nil {
			return err
		}
		out, err = documents(ctx, tx, org)
		return err
	})
	return out, err
}

// OpenDocument reads a document. The same may call it.
// Errors: not_found for the organisation or the document; denied; unavailable.
func (s *Service) OpenDocument(ctx context.Context, by Session, org, document string) (Document, []byte, error) {
	return s.openDocument(ctx, org, document, func(tx db.Tx) error { return s.AuthorizeIn(ctx, tx, by, org, DocumentRead) })
}

func (s *Service) openDocument(ctx context.Context, org, document string, allowed func(db.Tx) error) (Document, []byte, error) {
	var d Document
	err := s.db.View(ctx, func(tx db.Tx) (err error) {
		if err := allowed(tx); err != nil {
			return err
		}
		d, err = findDocument(ctx, tx, org, document)
		return err
	})
	if err != nil {
		return Document{}, nil, err
	}
	b, err := s.blobs.Get(ctx, documentKey(d.ID, d.ContentType))
	return d, b, err
}

// DropDocument deletes a document of an organisation that is neither under review nor verified. Its owners may call it.
// Errors: not_found for the organisation or the document; denied; conflict; unavailable.
func (s *Service) DropDocument(ctx context.Context, by Session, org, document string) error {
	var d Document
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if err := s.mayChangeDocuments(ctx, tx, by, org); err != nil {
			return err
		}
		if d, err = findDocument(ctx, tx, org, document); err != nil {
			return err
		}
		if _, err := accountdb.New(tx).DropDocument(ctx, accountdb.DropDocumentParams{OrgID: org, ID: document}); err != nil {
			return err
		}
		return s.Record(ctx, tx, Entry{Actor: by.Person, Org: org, Action: "document.deleted", Target: document, Detail: map[string]string{"kind": string(d.Kind), "name": d.Name}, IP: by.From.Address})
	})
	if err != nil {
		return err
	}
	return s.blobs.Delete(ctx, documentKey(d.ID, d.ContentType))
}

// Submit hands an organisation's documents to the operator. Its owners may call it.
// Errors: not_found; denied; conflict when it is submitted or verified already, or no business licence is there; unavailable.
func (s *Service) Submit(ctx context.Context, by Session, org string) (Organisation, error) {
	var o Organisation
	err := s.db.Update(ctx, func(tx db.Tx) (err error) {
		if err := s.AuthorizeIn(ctx, tx, by, org, OrganisationWrite); err != nil {
			return err
		}
		if o, err = findOrganisation(ctx, tx, org); err != nil {
			return err
		}
		have, err := documents(ctx, tx, org)
		if err != nil {
			return err
		}
		if o.State.open() && !slices.ContainsFunc(have, func(d Document) bool { return d.Kind == BusinessLicence }) {
			return fault.Conflict(licenceMissing)
		}
		o, err = s.move(ctx, tx, o, StateSubmitted, "", by)
		return err
	})
	return o, err
}

func documents(ctx context.Context, tx db.Tx, org string) ([]Document, error) {
	rows, err := accountdb.New(tx).Documents(ctx, org)
	return convert(rows, documentOf), err
}

func findDocument(ctx context.Context, tx db.Tx, org, document string) (Document, error) {
	if id.Check(DocumentPrefix, document) != nil {
		return Document{}, fault.NotFound(noDocument, fault.Cut(document, 40))
	}
	row, err := accountdb.New(tx).Document(ctx, accountdb.DocumentParams{OrgID: org, ID: document})
	if errors.Is(err, sql.ErrNoRows) {
		return Document{}, fault.NotFound(noDocument, document)
	}
	return documentOf(row), err
}

func documentOf(r accountdb.AccountDocument) Document {
	return Document{
		ID: r.ID, Kind: DocumentKind(r.Kind), Name: r.Name, ContentType: r.ContentType, Bytes: r.Bytes, UploadedBy: r.UploadedBy, CreatedAt: r.CreatedAt,
	}
}
