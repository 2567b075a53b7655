import { lazyPattern, type LazyPattern } from '../lazy-pattern.ts';
import { keywords } from '../keywords.ts';

/** Words that try to command whoever reads the text, if it is a model. */
export interface Phrase {
  readonly kind: string;
  /** ASCII words that begin it: where one stands, the form is tried. Missing for scripts that have none. */
  readonly marks: readonly string[];
  readonly form: LazyPattern;
}

/** Where such words begin and end. */
export interface Spoken {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
}

/** Between two words: spaces, line ends, and the signs that comments, quotes and lists put there. */
const gap = '[\\s*>"\'#/-]{1,8}';
const open = gap.replace('{1,', '{0,');
const few = (count: number): string => `(?:[\\w'’,-]{1,20}${gap}){0,${count}}`;

const rows: readonly Phrase[] = [
  phrase(
    'instruction-override',
    'ignore disregard forget override overlook bypass',
    `(?:ignore|disregard|forget|override|overlook|bypass)${gap}${few(3)}(?:previous|prior|above|earlier|preceding|foregoing|existing|original|system|your|safety|all)${gap}${few(2)}(?:instruction|prompt|rule|direction|guideline|command|directive|context|message|constraint|polic)`,
  ),
  phrase(
    'instruction-override',
    'new',
    `new${gap}(?:system${gap})?instructions?${open}(?:for${gap}(?:you|the${gap}(?:ai|assistant|agent|model))|:)`,
  ),
  phrase(
    'instruction-override',
    'ignorier ignoriere vergiss missacht',
    `(?:ignorier(?:e|en)?|vergiss|missachte)${gap}${few(3)}(?:vorherigen?|bisherigen?|obigen?|vorigen?|früheren?)${gap}${few(1)}(?:anweisung|befehl|regel|vorgabe|instruktion)`,
  ),
  phrase(
    'instruction-override',
    'ignor oubli',
    `(?:ignore[rz]?|oublie[rz]?)${gap}${few(3)}(?:instructions?|consignes?|directives?|règles?)${gap}(?:précédente|antérieure|ci-dessus)`,
  ),
  phrase(
    'instruction-override',
    'ignor olvid',
    `(?:ignora|ignore|olvida|olvide)${gap}${few(3)}(?:instrucciones|indicaciones|órdenes|reglas)${gap}(?:anteriores|previas)`,
  ),
  phrase(
    'instruction-override',
    'ignor esque desconsider',
    `(?:ignore|esqueça|desconsidere)${gap}${few(3)}(?:instruções|ordens|regras)${gap}(?:anteriores|prévias|acima)`,
  ),
  phrase(
    'instruction-override',
    'ignora dimentica',
    `(?:ignora|dimentica)${gap}${few(3)}(?:istruzioni|indicazioni|regole)${gap}(?:precedenti|sopra)`,
  ),
  phrase(
    'instruction-override',
    'negeer vergeet',
    `(?:negeer|vergeet)${gap}${few(2)}(?:vorige|eerdere|bovenstaande)${gap}(?:instructies|opdrachten|regels)`,
  ),
  phrase('instruction-override', 'zignoruj', `zignoruj${gap}${few(2)}(?:poprzednie|wcześniejsze)${gap}(?:instrukcje|polecenia)`),
  phrase(
    'secrecy',
    'not don never without hide keep conceal',
    `(?:(?:do${gap})?not|don['’]?t|never)${gap}(?:tell|inform|mention|notify|alert|reveal|disclose)${gap}${few(5)}(?:the${gap})?(?:user|human|developer|operator|owner)\\b`,
  ),
  phrase(
    'secrecy',
    'without hide keep conceal',
    `(?:without${gap}(?:telling|informing|asking|notifying|alerting|mentioning${gap}(?:it|this)${gap}to)|(?:hide|keep|conceal)${gap}(?:this|it|these)${gap}${few(2)}from)${gap}(?:the${gap})?(?:user|human|developer|operator)\\b`,
  ),
  phrase(
    'secrecy',
    'sag erw informier',
    `(?:sage?|erwähne|informiere)${gap}(?:(?:dem|den)${gap})?(?:benutzer|nutzer|anwender)${gap}(?:nichts|nicht)`,
  ),
  phrase(
    'role-change',
    'you',
    `you${gap}are${gap}(?:now|no${gap}longer)${gap}${few(3)}(?:DAN|unrestricted|jailbroken|uncensored|unfiltered|developer${gap}mode|bound|restricted|an?${gap}(?:evil|different))`,
  ),
  phrase(
    'role-change',
    'developer god jailbreak',
    `(?:developer|god|jailbreak|debug)${gap}mode${gap}(?:is${gap})?(?:now${gap})?(?:enabled|activated|unlocked)`,
  ),
  phrase(
    'prompt-leak',
    'reveal print repeat show output display leak',
    `(?:reveal|print|repeat|show|output|display|leak)${gap}${few(3)}(?:your|the)${gap}(?:${few(1)})(?:system${gap}prompt|initial${gap}(?:prompt|instructions)|hidden${gap}(?:prompt|instructions)|secret${gap}instructions)`,
  ),
  phrase(
    'addressed-to-model',
    'attention important message note instruction instructions notice if',
    `(?:(?:attention|important|message|note|instructions?|notice)${open}:?${open}(?:to|for)?${open}${few(2)}(?:(?:AI|coding|LLM)${gap}(?:agent|assistant|model)|language${gap}model|AI|LLM|assistant|Claude|ChatGPT|Copilot|Gemini|Codex)s?\\b${open}[:,!.—-]|if${gap}you${gap}are${gap}(?:an?${gap})?(?:AI|LLM|large${gap}language${gap}model|language${gap}model|AI${gap}(?:agent|assistant)|coding${gap}(?:agent|assistant))\\b)`,
  ),
  phrase(
    'order-to-send',
    'send post upload exfiltrate forward transmit leak email',
    `(?:send|post|upload|exfiltrate|forward|transmit|leak|email)${gap}${few(6)}(?:contents?${gap}of|environment${gap}variables|env${gap}vars|\\.env|credentials?|api${gap}keys?|private${gap}keys?|ssh${gap}keys?|access${gap}tokens?|secrets?|passwords?|conversation|chat${gap}history|system${gap}prompt)${gap}${few(5)}to${gap}(?:https?:|[\\w.-]{1,60}@|[\\w-]{1,40}\\.[a-z]{2,12}\\b)`,
  ),
  phrase(
    'fake-turn',
    '<| [inst] <<sys <start_of_turn <system </system <system- </tool_result </function_results',
    '(?:<\\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\\|>|\\[/?INST\\]|<</?SYS>>|<start_of_turn>|</?system(?:[- ](?:prompt|reminder|message|instruction)s?)?>|</(?:tool_result|function_results)>)',
  ),
  phrase(
    'fake-turn',
    'human: assistant: system: user:',
    '(?<=\\n\\n(?:#{1,4} ?|\\*\\*)?)(?:human|assistant|system|user):(?:\\*\\*)?[ \\n]{1,2}(?=[\\w"\'])',
  ),
];

/** Scripts without the ASCII words above. Each alternative is of fixed texts, so that the search is linear. */
const otherScripts =
  /(?:忽略|忽视|无视|無視|忘记|忘記)(?:所有|之前|以上|先前|前面|上面|上述|一切|的){1,4}(?:指令|指示|提示|规则|規則|命令|说明|說明)|(?:これまで|以前|上記|前)の(?:すべての|全ての)?(?:指示|命令|プロンプト)を(?:無視|忘れ)|이전(?:의)? ?(?:모든 )?(?:지시|명령|프롬프트)(?:를|을|사항을)? ?무시|(?:игнорируй|игнорируйте|забудь|забудьте) (?:все )?(?:предыдущие|прежние|вышеуказанные) (?:инструкции|указания|команды|правила)|(?:не говори|не сообщай|не рассказывай) (?:об этом )?пользователю|(?:不要|别|請勿|请勿)(?:告诉|告訴|通知|提醒)(?:用户|用戶|使用者)|تجاهل (?:جميع |كل )?(?:التعليمات|الأوامر) السابقة|पिछले (?:सभी )?निर्देशों को (?:अनदेखा|नज़रअंदाज़)/giu;

const marked = rows.flatMap((row) => row.marks.map((mark) => ({ mark, row })));
let built: ReturnType<typeof keywords> | undefined;

/** Where the text speaks to a model, in the order of the places where that was noticed. */
export function spokenIn(text: string): readonly Spoken[] {
  const found: Spoken[] = [];
  let end = 0;
  built ??= keywords(marked.map(({ mark }) => mark));
  built.scan(text, (number, after) => {
    const entry = marked[number];
    if (entry === undefined) return undefined;
    const start = after - entry.mark.length;
    if (start < end || (/\w/.test(text[start - 1] ?? '') && /\w/.test(entry.mark[0] ?? ''))) return undefined;
    const from = entry.mark === 'not' && /do\s$/i.test(text.slice(start - 3, start)) ? start - 3 : start;
    const form = entry.row.form.compiled();
    form.lastIndex = from;
    if (!form.test(text)) return undefined;
    end = form.lastIndex;
    found.push({ kind: entry.row.kind, start: from, end });
    return undefined;
  });
  // eslint-disable-next-line no-control-regex
  if (!/^[\x00-\x7f]*$/.test(text)) {
    for (const match of text.matchAll(otherScripts))
      found.push({ kind: 'instruction-override', start: match.index, end: match.index + match[0].length });
  }
  return found;
}

function phrase(kind: string, marks: string, form: string): Phrase {
  return { kind, marks: marks.split(' '), form: lazyPattern(() => form, 'iy') };
}
