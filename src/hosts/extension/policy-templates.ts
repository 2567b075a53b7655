/** What a person starts from in their own policies. In force as soon as it is saved. */
export const userPolicy = `# Your own policies: they hold for every agent in every folder of this machine.
# Order never matters: the strictest matching rule wins (deny, then require_approval, then allow).
apiVersion: countersign.dev/v1
kind: ToolPolicy
metadata:
  name: my-policy
  description: What I want to be asked about
spec:
  rules:
    - name: pushes-need-me
      commands: ["git push"]
      action: require_approval
      message: Pushing publishes; look at what is pushed first.
      approval: {timeout: 10m}
    - name: no-force-push
      commands: ["git push --force", "git push -f"]
      action: deny
      message: It rewrites history that others have.
      tests: # "countersign policy test" runs them
        deny: ["git push origin main --force"]
        pass: ["git push origin main"]
`;

/** What a team starts from. It can only tighten what user and organisation decided. */
export const workspacePolicy = `# This folder's policy, shared with the team through version control.
# It can tighten what each person's own policies decide, never loosen it.
apiVersion: countersign.dev/v1
kind: ToolPolicy
metadata:
  name: this-repository
spec:
  rules:
    - name: releases-need-a-person
      commands: ["npm publish", "git push --tags"]
      action: require_approval
      message: Releases are made by people.
    - name: keep-out-of-ci
      paths:
        write: ["\${workspace}/.github/workflows/**"]
      action: require_approval
      message: A change of the pipeline needs a look.
`;
