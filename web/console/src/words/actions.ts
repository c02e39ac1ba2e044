// What audit entries are called. The names are the server's; one that is not here is shown as it is.
import { words } from "./lang";

const actionWords = words("console/actions", {
  "person.joined": "注册账号", "person.changed": "修改个人资料", "password.changed": "修改密码", "password.reset": "重置密码", "session.begun": "登录", "session.ended": "退出登录", "session.ended-everywhere": "退出所有登录",
  "organisation.created": "创建组织", "organisation.renamed": "修改组织名称", "organisation.submitted": "提交认证", "organisation.verified": "认证通过", "organisation.rejected": "驳回认证",
  "document.added": "上传材料", "document.deleted": "删除材料", "document.read": "打开材料", "document.reviewed": "审核人员打开材料",
  "member.joined": "加入组织", "member.left": "退出组织", "member.removed": "移除成员", "member.role-changed": "修改成员角色", "invitation.sent": "邀请成员", "invitation.withdrawn": "撤回邀请",
  "app.created": "创建小程序", "app.changed": "修改小程序资料", "app.icon-changed": "更换图标", "app.domains-changed": "修改服务器域名", "app.suspended": "停用小程序", "app.resumed": "恢复小程序", "app.adopted": "归入组织",
  "version.uploaded": "上传版本", "version.previewed": "预览版本", "version.submitted": "提交审核", "version.withdrawn": "撤回审核", "version.approved": "审核通过", "version.rejected": "审核驳回",
  "trial.set": "设为体验版", "trial.ended": "结束体验", "tester.added": "添加体验者", "tester.removed": "移除体验者",
  "release.published": "发布", "release.staged": "开始灰度发布", "release.raised": "扩大灰度", "release.completed": "全量发布", "release.promoted": "全量发布", "release.released": "全量发布", "release.stopped": "停止灰度", "release.rolled-back": "回滚",
  "capability.applied": "申请能力", "capability.withdrawn": "撤回能力申请", "capability.granted": "授予能力", "capability.approved": "授予能力", "capability.rejected": "驳回能力申请", "capability.revoked": "收回能力", "capability.invited": "邀请内测", "capability.uninvited": "取消内测邀请",
  "key.created": "创建密钥", "key.changed": "修改密钥", "key.rotated": "轮换密钥", "key.revoked": "吊销密钥", "jos.redirects-changed": "修改回调地址", "jos.authorized": "授权给别人的密钥", "jos.withdrawn": "撤销授权",
  "webhook.created": "创建 Webhook", "webhook.changed": "修改 Webhook", "webhook.deleted": "删除 Webhook", "webhook.enabled": "启用 Webhook", "webhook.disabled": "停用 Webhook", "webhook.secret-rotated": "轮换 Webhook 密钥", "webhook.tested": "测试 Webhook", "webhook.redelivered": "重新投递",
  "host.created": "注册宿主应用", "host.changed": "修改宿主应用", "host.rotated": "轮换宿主密钥", "host.released": "调整宿主可见的小程序", "host.suspended": "停用宿主应用", "host.resumed": "恢复宿主应用",
  "consumer.viewed": "查看用户", "consumer.suspended": "停用用户", "consumer.reinstated": "恢复用户", "consumer.sessions-ended": "结束用户登录", "membership.granted": "赠送会员", "membership.removed": "取消会员", "dead-letter.redelivered": "重新投递死信", "dead-letter.discarded": "丢弃死信", "membership.plans-changed": "修改会员方案", "settings.changed": "修改平台设置",
}, {
  "person.joined": "Created the account", "person.changed": "Changed the profile", "password.changed": "Changed the password", "password.reset": "Reset the password", "session.begun": "Signed in", "session.ended": "Signed out", "session.ended-everywhere": "Signed out everywhere",
  "organisation.created": "Created the organisation", "organisation.renamed": "Renamed the organisation", "organisation.submitted": "Submitted for verification", "organisation.verified": "Verified the organisation", "organisation.rejected": "Rejected the organisation",
  "document.added": "Uploaded a document", "document.deleted": "Deleted a document", "document.read": "Opened a document", "document.reviewed": "A reviewer opened a document",
  "member.joined": "Joined", "member.left": "Left", "member.removed": "Removed a member", "member.role-changed": "Changed a role", "invitation.sent": "Invited somebody", "invitation.withdrawn": "Withdrew an invitation",
  "app.created": "Created a program", "app.changed": "Changed a program", "app.icon-changed": "Changed the icon", "app.domains-changed": "Changed domains", "app.suspended": "Suspended the program", "app.resumed": "Resumed the program", "app.adopted": "Took over the program",
  "version.uploaded": "Uploaded a version", "version.previewed": "Previewed a version", "version.submitted": "Submitted for review", "version.withdrawn": "Withdrew from review", "version.approved": "Approved a version", "version.rejected": "Rejected a version",
  "trial.set": "Put on trial", "trial.ended": "Ended the trial", "tester.added": "Added a tester", "tester.removed": "Removed a tester",
  "release.published": "Published", "release.staged": "Released to a share", "release.raised": "Raised the share", "release.completed": "Released to everybody", "release.promoted": "Released to everybody", "release.released": "Released to everybody", "release.stopped": "Stopped the release", "release.rolled-back": "Rolled back",
  "capability.applied": "Applied for a capability", "capability.withdrawn": "Withdrew an application", "capability.granted": "Granted a capability", "capability.approved": "Granted a capability", "capability.rejected": "Rejected an application", "capability.revoked": "Revoked a capability", "capability.invited": "Invited to a beta", "capability.uninvited": "Took back an invitation to a beta",
  "key.created": "Created a key", "key.changed": "Changed a key", "key.rotated": "Rotated a key", "key.revoked": "Revoked a key", "jos.redirects-changed": "Changed addresses to come back to", "jos.authorized": "Let a key in", "jos.withdrawn": "Withdrew an authorisation",
  "webhook.created": "Created a webhook", "webhook.changed": "Changed a webhook", "webhook.deleted": "Deleted a webhook", "webhook.enabled": "Enabled a webhook", "webhook.disabled": "Disabled a webhook", "webhook.secret-rotated": "Rotated a webhook's secret", "webhook.tested": "Tested a webhook", "webhook.redelivered": "Redelivered",
  "host.created": "Registered a host app", "host.changed": "Changed a host app", "host.rotated": "Rotated a host's secret", "host.released": "Changed a host's programs", "host.suspended": "Suspended a host app", "host.resumed": "Resumed a host app",
  "consumer.viewed": "Looked at a consumer", "consumer.suspended": "Suspended a consumer", "consumer.reinstated": "Reinstated a consumer", "consumer.sessions-ended": "Ended a consumer's sessions", "membership.granted": "Gave a membership", "membership.removed": "Ended a membership", "dead-letter.redelivered": "Redelivered a dead letter", "dead-letter.discarded": "Discarded a dead letter", "membership.plans-changed": "Changed membership plans", "settings.changed": "Changed the settings",
});

export const actionName = (action: string): string => (actionWords() as Record<string, string>)[action] ?? action;
