import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Action } from '../../../src/engine/decision.ts';
import { decide } from '../../../src/engine/policy/decide.ts';
import { runPolicyTests } from '../../../src/engine/policy/policy-tests.ts';
import type { TestCall } from '../../../src/engine/policy/schema.ts';
import { testRequest } from '../../../src/engine/policy/test-request.ts';
import { packs, shipped } from './shipped.ts';

const all = [...shipped, ...packs];
const rules = all.flatMap((file) => file.documents.flatMap((document) => document.rules.map((rule) => ({ document, rule }))));
const unused = { count: () => 0 };
const said = (call: string | TestCall, files = shipped): Action => decide({ files }, testRequest(call), unused).action;

describe('what we ship', () => {
  test('has no problems', () => {
    expect(all.flatMap((file) => file.problems)).toEqual([]);
  });

  test('has one document a file, of the name of the file', () => {
    expect(all.map((file) => [...file.documents, ...file.budgets, ...file.guardrails, ...file.artifacts].map(({ name }) => name))).toEqual(
      all.map((file) => [basename(file.path, '.yaml')]),
    );
  });

  test('never allows: it can only tighten', () => {
    expect(rules.filter(({ rule }) => rule.action === 'allow' || rule.action === 'abstain')).toEqual([]);
  });

  test('tells the agent in one sentence what to do instead', () => {
    expect(
      rules
        .filter(({ rule }) => !/^[A-Z][^.]*(\.[a-z0-9~][^.]*)*\.$/.test(rule.message ?? ''))
        .map(nameOf)
        .filter((one) => !one.startsWith('self-protection/')),
    ).toEqual([]);
  });

  test('shows of every rule two calls that it is about, and two near misses', () => {
    const tests = (expected: string) => (one: (typeof rules)[number]) =>
      one.rule.tests.filter(({ expect: wanted }) => wanted === expected).length;
    const lacking = rules.filter((one) => tests('pass')(one) < 2 || tests(one.rule.action)(one) < 2).map(nameOf);
    expect(lacking.filter((one) => !one.startsWith('self-protection/'))).toEqual([]);
  });
});

function nameOf({ document, rule }: (typeof rules)[number]): string {
  return `${document.name}/${rule.name}`;
}

describe('each rule beside its tests', () => {
  test.each(all.flatMap(runPolicyTests))('$name: $expected', ({ found, expected }) => {
    expect(found).toBe(expected);
  });
});

describe('context decides', () => {
  test.each<[string | TestCall, Action]>([
    ['rm -rf node_modules dist', 'abstain'],
    ['rm -rf ~', 'deny'],
    ['rm -rf /', 'deny'],
    ['rm -rf ..', 'deny'],
    ['rm -rf .', 'deny'],
    ['rm -rf "$UNSET"', 'require_approval'],
    ['rm -rf ~/work/other-project', 'require_approval'],
    [{ command: 'rm -rf src', git: { '${workspace}/src': 'clean' } }, 'abstain'],
    [{ command: 'rm -rf src', git: { '${workspace}/src': 'untracked' } }, 'require_approval'],
    ['git push --force origin main', 'deny'],
    ['git push --force origin mine', 'require_approval'],
    ['git push --force-with-lease origin mine', 'abstain'],
    ['psql -h db.example.com -c "DROP TABLE users"', 'deny'],
    ['psql -c "DROP TABLE users"', 'require_approval'],
    ['psql -h localhost -c "DROP TABLE users"', 'abstain'],
    ['echo "rm -rf /"', 'abstain'],
    ['grep -rn "rm -rf /" .', 'abstain'],
    ['git commit -m "never rm -rf / or DROP TABLE"', 'abstain'],
    ['cat > notes.md <<EOF\nrm -rf /\nEOF', 'abstain'],
    ['# rm -rf /\nls', 'abstain'],
  ])('%j: %s', (call, action) => {
    expect(said(call)).toBe(action);
  });
});

describe('everyday work is left alone', () => {
  test.each([
    'git status && git diff --stat',
    'git add -A && git commit -m "Fix the parser" && git push -u origin fix/parser',
    'git push origin "$BRANCH"',
    'git checkout -b fix/parser && git pull --rebase origin main',
    'git -C "$DIR" log --oneline -5',
    'npm ci && npm test -- --run',
    'npx tsc --noEmit && npx eslint src --fix',
    'pip install -r requirements.txt && pytest -q',
    'cargo build --release && cargo test',
    'go build ./... && go test ./...',
    'docker build -t app . && docker run --rm -p 3000:3000 app',
    'docker compose up -d && docker compose logs -f web',
    'kubectl get pods -n "$NS"',
    'kubectl apply -f k8s/ && kubectl rollout status deploy/web',
    'terraform init && terraform plan -out plan.bin',
    'aws s3 ls && aws sts get-caller-identity',
    'find . -name "*.ts" -not -path "*/node_modules/*" | xargs grep -l TODO',
    'sed -i "s/a/b/" src/a.ts && prettier --write "src/**/*.ts"',
    'curl -s https://api.github.com/repos/o/r | jq .name',
    'ls -la ~/.ssh && cat ~/.gitconfig',
    'cp .env.example .env',
    'chmod +x scripts/build.sh && ./scripts/build.sh',
    'mkdir -p tmp && tar xzf a.tgz -C tmp && rm -rf tmp/a',
    'kill %1; pkill -f vite; lsof -i :3000',
    'echo "done" >> CHANGELOG.md',
    'for f in src/*.ts; do wc -l "$f"; done',
    "python3 -c \"import json; print(json.load(open('package.json'))['name'])\"",
    'sudo apt-get install -y jq',
    'gh pr create --fill && gh pr checks',
  ])('%s', (command) => {
    const { action, rules: matched } = decide({ files: shipped }, testRequest({ command, workspace: { branch: 'fix/parser' } }), unused);
    expect([action, matched.map(({ policy, rule }) => `${policy}/${rule}`)]).toEqual(['abstain', []]);
  });
});
