// What the page itself says; what the other side says comes from the conversation.
export const WORDS = {
  zh: {
    assistant: "自动助手", label: "自动助手回复，内容由程序生成。随时可以转人工。",
    queue: "正在为您请同事", held: (name) => `${name} 正在和您聊`, joined: (name) => `${name} 加入了对话`,
    left: "自动助手继续为您服务", waiting: "已转给同事，会尽快在这里回复您", closed: "对话已结束，有需要可以继续写",
    typing: "正在输入", offline: "网络断开了，连上后会自动继续", again: "正在重新连接…", gone: "这个链接已过期，请向机构要一个新的。",
    text: "输入消息", send: "发送", attach: "发送图片或PDF", newest: "看最新消息", person: "转人工", other: "EN", otherName: "Switch to English",
    askOther: "English please", today: "今天", yesterday: "昨天", failed: "没发出去，点这里再试", choices: "可选的回复",
    picture: "图片", file: "文件", you: "您", long: "最多4096字，请分成几条发送", sending: "发送中", bot: "自动助手",
    big: "文件太大，最大10 MB", kind: "可以发图片（JPG、PNG、WebP）或PDF", fallback: "没发出去，请再试一次。内容还在输入框里。",
  },
  en: {
    assistant: "Automated assistant", label: "Replies here are written by an automated assistant. You can ask for a person at any time.",
    queue: "Getting a colleague for you", held: (name) => `${name} is here`, joined: (name) => `${name} joined the chat`,
    left: "The automated assistant is back", waiting: "Passed to a colleague, who will write to you here",
    closed: "This chat has ended. Write whenever you need us.", typing: "Typing", offline: "You're offline. We'll carry on when you're back.",
    again: "Reconnecting…", gone: "This link has expired. Please ask the organisation for a new one.",
    text: "Message", send: "Send", attach: "Send a picture or PDF", newest: "Go to the newest message", person: "Get a person",
    other: "中文", otherName: "切换到中文", askOther: "请说中文", today: "Today", yesterday: "Yesterday",
    failed: "Not sent. Tap to try again", choices: "Suggested replies", picture: "Picture", file: "File", you: "You",
    long: "4,096 characters at most; please send it in parts", sending: "Sending", bot: "Automated assistant",
    big: "That file is too large; 10 MB at most", kind: "Pictures (JPG, PNG, WebP) and PDF files work",
    fallback: "That didn't go through. Please try again; it is still in the box.",
  },
};
