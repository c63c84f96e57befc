// Reads mails with postal-mime and says in JSON what it found: one line for each file.
// usage: node mail_read.mjs FILE...
import { readFileSync } from "node:fs";
import PostalMime from "postal-mime";

for (const path of process.argv.slice(2)) {
  const mail = await PostalMime.parse(readFileSync(path), { attachmentEncoding: "base64" });
  const answer = {
    subject: mail.subject ?? "",
    from: mail.from,
    to: mail.to,
    message_id: mail.messageId,
    headers: mail.headers.map((each) => [each.key, each.value]),
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map((each) => ({
      filename: each.filename,
      type: each.mimeType,
      disposition: each.disposition,
      method: each.method ?? null,
      content: each.content,
    })),
  };
  console.log(JSON.stringify(answer));
}
