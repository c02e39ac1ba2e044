import { words } from "./lang";

export const accountWords = words("console/account", {
  roleOwner: "所有者", roleDeveloper: "开发者", roleOperations: "运营", roleFinance: "财务", roleReadonly: "只读",
  roleOwnerHint: "可以做一切，包括管理成员和提交资质",
  roleDeveloperHint: "创建小程序、上传版本、管理密钥和 Webhook",
  roleOperationsHint: "提交审核、发布与回滚、申请能力",
  roleFinanceHint: "查看账单与资金",
  roleReadonlyHint: "只能查看",
  kindMerchant: "商家", kindIsv: "服务商", kindOperator: "平台运营方",
  stateNew: "未提交", stateSubmitted: "审核中", stateVerified: "已认证", stateRejected: "未通过",
  documentLicence: "营业执照", documentRepresentative: "法定代表人证件", documentAuthorisation: "授权书", documentOther: "其他材料",
}, {
  roleOwner: "Owner", roleDeveloper: "Developer", roleOperations: "Operations", roleFinance: "Finance", roleReadonly: "Read-only",
  roleOwnerHint: "May do everything, members and qualification included",
  roleDeveloperHint: "Creates programs, uploads versions, manages keys and webhooks",
  roleOperationsHint: "Submits for review, releases and rolls back, applies for capabilities",
  roleFinanceHint: "Sees bills and money",
  roleReadonlyHint: "May only look",
  kindMerchant: "Merchant", kindIsv: "Service provider", kindOperator: "Platform operator",
  stateNew: "Not submitted", stateSubmitted: "In review", stateVerified: "Verified", stateRejected: "Rejected",
  documentLicence: "Business licence", documentRepresentative: "Legal representative's ID", documentAuthorisation: "Authorisation", documentOther: "Other",
});
