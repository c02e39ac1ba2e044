package account

import "minimart/platform/fault"

const (
	loginMissing   = "give an e-mail address or a phone number"
	loginCharacter = "this holds the character %U; write the login in plain ASCII, an international domain in its xn-- form"
	loginEmail     = "this is no e-mail address; write it like name@shop.example"
	loginPhone     = "this is no phone number; write it like 13800138000 or +85291234567"
	loginTaken     = "there is already an account with this login; sign in"

	passwordTooShort = "the password has %d characters; take %d or more"
	passwordTooLong  = "the password is too long; take %d characters at most"
	passwordCommon   = "this password is among those that are tried first; take another, several words for example"
	passwordIsLogin  = "the password is the login; take another"
	wrongPassword    = "the login or the password is wrong"
	wrongCurrent     = "this is not your present password"
	passwordChanged  = "the password was changed meanwhile; sign in again"

	personNameMissing = "say what you are called"
	orgNameMissing    = "give the organisation a name of two characters or more"
	notText           = "this is not valid UTF-8 text"
	textTooLong       = "this has %d characters, at most %d fit"
	noLanguage        = `"%s" is no language of this platform; it is zh or en`

	notSignedIn  = "sign in first"
	sessionOver  = "your session is over; sign in again"
	notSameSite  = "this request does not come from a page of this platform; send it from there, with the header X-Minimart-Console: 1"
	wrongCode    = "the code is wrong, used up or too old; ask for another"
	notDelivered = "the message could not be sent; try again"

	noOrganisation = "there is no organisation %s"
	noApp          = "there is no app %s"
	notVerified    = "%s is not verified yet; upload its documents and submit them in the console"
	roleCannot     = "the role %s does not include %s; ask an owner"
	operatorOnly   = "only the operator of the platform may do this"
	noKind         = `"%s" is no kind of organisation; it is merchant or isv`
	noState        = `"%s" is no state of an organisation; it is new, submitted, verified or rejected`
	noMove         = "the organisation is %s; it cannot become %s from there"
	notOpen        = "the organisation is %s; its name and documents can only change before it is submitted or after it was rejected"

	noRole             = `"%s" is no role; it is owner, developer, operations, finance or readonly`
	noMember           = "there is no member %s"
	alreadyMember      = "you are already a member of this organisation"
	lastOwner          = "this is the last owner; make somebody else an owner first"
	tooManyMembers     = "the organisation has %d members, which is the most there can be"
	tooManyMemberships = "this person belongs to %d organisations, which is the most there can be"

	noInvitation       = "there is no open invitation %s"
	badInvitation      = "this invitation does not hold for you: it ran out, was withdrawn, or is for another login; ask for a new one"
	invitationUsed     = "this invitation was accepted already"
	tooManyInvitations = "%d invitations are open, which is the most there can be; withdraw some"

	noDocumentKind   = `"%s" is no kind of document; it is business-licence, representative, authorisation or other`
	noDocument       = "there is no document %s"
	fileNameMissing  = "give the file a name"
	fileEmpty        = "the file is empty"
	fileTooLarge     = "the file has %d bytes, at most %d fit"
	fileType         = "the file is neither PDF nor PNG nor JPEG"
	tooManyDocuments = "there are %d documents, which is the most there can be; delete some"
	licenceMissing   = "upload a business licence before you submit"

	noVerdict       = `"%s" is no verdict; it is verified or rejected`
	reasonMissing   = "say why, so that the organisation knows what to mend"
	operatorItself  = "the operator's own organisation is not reviewed"
	otherSubmission = "the present submission is number %d, not %d; look at it again"
	badCursor       = `"%s" is no cursor of this list; begin without one`
)

var _ = fault.Chinese(map[string]string{
	loginMissing:   "请填写邮箱或手机号",
	loginCharacter: "含有字符 %U；账号请使用 ASCII 字符，国际化域名请写成 xn-- 形式",
	loginEmail:     "不是邮箱地址；请写成 name@shop.example",
	loginPhone:     "不是手机号；请写成 13800138000 或 +85291234567",
	loginTaken:     "此账号已注册；请直接登录",

	passwordTooShort: "密码有 %d 个字符，至少需要 %d 个",
	passwordTooLong:  "密码过长，最多 %d 个字符",
	passwordCommon:   "此密码最容易被猜到；请换一个，例如用几个词组成",
	passwordIsLogin:  "密码不能与账号相同",
	wrongPassword:    "账号或密码错误",
	wrongCurrent:     "当前密码不正确",
	passwordChanged:  "密码刚刚被修改；请重新登录",

	personNameMissing: "请填写姓名",
	orgNameMissing:    "请填写组织名称，至少两个字",
	notText:           "不是有效的 UTF-8 文本",
	textTooLong:       "共 %d 个字，最多 %d 个",
	noLanguage:        `平台不支持语言“%s”；应为 zh 或 en`,

	notSignedIn:  "请先登录",
	sessionOver:  "登录已过期，请重新登录",
	notSameSite:  "此请求并非来自本平台的页面；请从平台页面发出，并带上请求头 X-Minimart-Console: 1",
	wrongCode:    "验证码错误、已失效或已过期；请重新获取",
	notDelivered: "消息未能发出，请重试",

	noOrganisation: "没有组织 %s",
	noApp:          "没有小程序 %s",
	notVerified:    "%s尚未通过认证；请在控制台上传资质文件并提交",
	roleCannot:     "角色 %s 没有权限 %s；请联系所有者",
	operatorOnly:   "仅平台运营方可以进行此操作",
	noKind:         `没有“%s”这种组织类型；应为 merchant 或 isv`,
	noState:        `没有“%s”这种组织状态；应为 new、submitted、verified 或 rejected`,
	noMove:         "组织当前状态为 %s，不能变为 %s",
	notOpen:        "组织当前状态为 %s；只有在提交前或被驳回后才能修改名称和资质文件",

	noRole:             `没有角色“%s”；应为 owner、developer、operations、finance 或 readonly`,
	noMember:           "没有成员 %s",
	alreadyMember:      "您已是该组织的成员",
	lastOwner:          "这是最后一位所有者；请先将他人设为所有者",
	tooManyMembers:     "组织已有 %d 名成员，达到上限",
	tooManyMemberships: "此人已加入 %d 个组织，达到上限",

	noInvitation:       "没有待接受的邀请 %s",
	badInvitation:      "此邀请对您无效：已过期、已撤回或属于其他账号；请重新申请",
	invitationUsed:     "此邀请已被接受",
	tooManyInvitations: "已有 %d 个待接受的邀请，达到上限；请撤回一些",

	noDocumentKind:   `没有“%s”这种文件类型；应为 business-licence、representative、authorisation 或 other`,
	noDocument:       "没有文件 %s",
	fileNameMissing:  "请填写文件名",
	fileEmpty:        "文件为空",
	fileTooLarge:     "文件有 %d 字节，最多 %d 字节",
	fileType:         "文件不是 PDF、PNG 或 JPEG",
	tooManyDocuments: "已有 %d 个文件，达到上限；请删除一些",
	licenceMissing:   "提交前请先上传营业执照",

	noVerdict:       `没有“%s”这种结论；应为 verified 或 rejected`,
	reasonMissing:   "请说明原因，以便对方改正",
	operatorItself:  "平台运营方自身无需审核",
	otherSubmission: "当前是第 %d 次提交，而不是第 %d 次；请重新查看",
	badCursor:       `“%s”不是此列表的游标；请从头开始`,
})
