package blob

import "minimart/platform/fault"

const (
	storeFailed = "the file store does not answer as it should; try again"
	noBlob      = "there is no file %s in the store"
	keyLength   = "the key has %d bytes, want 1 to %d"
	keyName     = `the key %q is not made of names like "program/0a1b.js": letters, digits, ".", "-", "_"`
)

var _ = fault.Chinese(map[string]string{
	storeFailed: "文件存储没有正常响应，请重试",
	noBlob:      "存储中没有文件 %s",
	keyLength:   "键有 %d 字节，应为 1 到 %d",
	keyName:     `键 %q 的形式不对，应形如 "program/0a1b.js"：字母、数字、“.”、“-”、“_”`,
})
