"""What each act in the log is called. An act whose verb has no name here is refused: nobody could read it."""

from types import MappingProxyType
from typing import Final

VERBS: Final = MappingProxyType({
    # Cases and entries
    "case.open": "立案", "case.confirm": "核实条件", "case.send_notice": "告知", "case.statement": "收到陈述申辩",
    "case.consider": "复核陈述申辩", "case.request_hearing": "申请听证", "case.announce_hearing": "通知听证",
    "case.hold_hearing": "举行听证",
    "case.waive": "放弃听证", "case.hear": "听取意见结束", "case.legal_review": "法制审核",
    "case.legal_object": "法制审核不通过", "case.meeting": "集体讨论", "case.decide": "决定", "case.serve": "送达",
    "case.publish": "列入并公示", "case.drop": "撤回案件", "case.expire": "期满移出",
    "case.ask_removal": "申请移出", "case.refuse_removal": "不同意移出", "case.remove": "移出",
    "case.suspend": "暂停守信激励", "case.ask_resume": "申请恢复守信激励", "case.resume": "恢复守信激励",
    "case.refuse_resume": "不同意恢复", "case.outcome": "登记复议诉讼结果", "case.change": "变更列入决定",
    "case.annul": "撤销列入，自始无效",
    "case.evidence_lost": "依据被撤销", "case.evidence_back": "依据已恢复",
    "document.make": "制作文书", "document.serve": "登记送达回证", "file.keep": "收存材料",
    "template.write": "起草文书模板", "template.approve": "批准文书模板",
    # Records
    "import.finish": "导入结束", "import.undo": "撤销导入", "name.decide": "核对企业名称",
    "record.withdraw": "撤销记录", "record.restore": "恢复记录",
    "accident.decide_casualties": "决定伤亡人数变更",
    "person.record": "登记责任人员", "person.correct": "更正责任人员", "person.withdraw": "撤销责任人员",
    "source.issue_key": "发放报送密钥", "source.replace_key": "更换报送密钥", "source.stop": "停用报送密钥",
    "supervision.visit": "登记监督检查",
    # The enterprise's side
    "manager.appoint": "登记企业管理员", "manager.revoke": "撤销企业管理员",
    "service.consent_give": "同意电子送达", "service.consent_take_back": "撤回电子送达同意",
    "party.statement": "企业提交陈述申辩", "party.hearing": "企业申请听证", "party.take": "登记企业提交的材料",
    "objection.raise": "提出异议", "objection.assign": "交办异议", "objection.uphold": "异议成立",
    "objection.reject": "异议不成立", "objection.take_back": "撤回异议",
    "repair.apply": "申请信用修复", "repair.ask_more": "一次告知补正", "repair.supplement": "企业补正",
    "repair.accept": "受理信用修复", "repair.grant": "准予信用修复", "repair.refuse": "不予信用修复",
    "repair.take_back": "撤回信用修复申请", "repair.revoke": "撤销信用修复",
    "report.issue": "出具信用证明",
    # Rules, calendar, what goes out
    "ruleset.draft": "起草规则集", "ruleset.simulate": "模拟规则集", "ruleset.adopt": "批准规则集",
    "calendar.set": "节假日安排", "calendar.import": "导入节假日安排",
    "opendata.publish": "公布开放数据", "opendata.delete": "依法删除开放数据",
    "agency.enter": "登记接收机构", "agency.renew_secrets": "更换机构密钥", "agency.set_active": "启用或停用机构",
    "push.confirm_by_hand": "人工登记机构回执",
    # Training: told by courses
    "hours.ask_correction": "申请增加学时", "hours.correct": "更正学时", "hours.refuse_correction": "不同意增加学时",
    "suspicion.answer": "答复可疑学习记录",
    "training.plan": "登记培训计划指标", "law.change": "登记法条变更", "law.clear": "复核法条变更",
    # People and settings
    "posting.change": "任职属地", "posting.delete": "取消任职属地", "employment.change": "从业关系",
    "roster.import": "导入花名册", "roster.undo": "撤销花名册变动", "training.assign": "安排课程",
    "proof.tell": "登记线下培训", "proof.take_back": "撤回线下培训",
    "employment.delete": "删除从业关系", "jurisdiction.change": "属地设置", "jurisdiction.delete": "删除属地",
    "sector.change": "行业设置", "sector.delete": "删除行业", "people.change": "人员和角色",
    "people.confirm": "确认人员设置", "people.reset_factor": "重设两步验证", "audit.export": "导出审计记录",
})  # fmt: skip
