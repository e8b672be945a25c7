// What the console itself says, in both languages. What operations are called and do comes from the API's document.

const WORDS = {
  en: {
    language: '中文',
    leave: 'Sign out',
    overview: 'Overview',
    token: 'Admin token',
    tokenHint:
      'The one that the first start printed, or that ./yunfu admin tokens create made. It is kept in this tab only.',
    enter: 'Sign in',
    refused: 'This token is not accepted.',
    health: 'Health of this node',
    look: 'What there is',
    filter: 'Filter',
    more: 'More',
    none: 'Nothing found.',
    send: 'Carry out',
    show: 'Show',
    sending: 'One moment …',
    done: 'Done.',
    once: 'A secret is shown this once: keep it now.',
    example: 'Fill in the example',
    asJson: 'As JSON',
    asForm: 'As a form',
    add: 'Add',
    remove: 'Remove',
    notJson: 'This is no JSON object.',
    away: 'The server does not answer.',
    request: 'Request',
    yes: 'yes',
    no: 'no',
    unknown: 'There is no such page.',
    usually: 'usually',
    fillIn: 'Which one?',
  },
  zh: {
    language: 'English',
    leave: '退出',
    overview: '总览',
    token: '管理令牌',
    tokenHint: '首次启动时打印的令牌，或由 ./yunfu admin tokens create 创建的令牌。仅保存在本标签页中。',
    enter: '登录',
    refused: '令牌无效。',
    health: '本节点健康状况',
    look: '功能',
    filter: '筛选',
    more: '更多',
    none: '没有记录。',
    send: '执行',
    show: '查看',
    sending: '请稍候……',
    done: '已完成。',
    once: '密钥仅显示这一次，请立即保存。',
    example: '填入示例',
    asJson: 'JSON 方式',
    asForm: '表单方式',
    add: '添加',
    remove: '删除',
    notJson: '不是 JSON 对象。',
    away: '服务器没有应答。',
    request: '请求',
    yes: '是',
    no: '否',
    unknown: '没有这个页面。',
    usually: '默认',
    fillIn: '请指定：',
  },
};

const KEPT = 'yunfu.language';
let language = localStorage.getItem(KEPT) ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');

export const say = word => WORDS[language][word];

export const languageTag = () => (language === 'zh' ? 'zh-CN' : 'en-US');

export function otherLanguage() {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem(KEPT, language);
}
