import { shape, uuid, type Shape } from './shape.ts';

/** Where code lives, is built and is published. */
export const codeHosts: readonly Shape[] = [
  shape(
    'github-token',
    'GitHub token',
    'ghp_ gho_ ghu_ ghs_ ghr_ github_pat_',
    '(?:gh[pousr]_@{36,}|ghs_\\d{1,12}_eyJ~{10,400}\\.eyJ~{10,400}\\.~{10,}|github_pat_[A-Za-z0-9_]{60,})',
    { begins: 'anywhere', loose: '(?:gh[pousr]_@{16,}|github_pat_[A-Za-z0-9_]{20,}|ghs_\\d{1,12}_eyJ~{10,400}\\.eyJ~{10,400}\\.~{10,})' },
  ),
  shape(
    'gitlab-token',
    'GitLab token',
    'glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- GR1348941',
    '(?:glcbt-@{1,5}_~{20}|gl(?:pat|dt|rt|ft|ffct|wt|rtr)-~{20}|glimt-~{25}|glsoat-~{20,50}|gl(?:pat|dt|rt|rtr)-~{27,300}\\.[0-9a-z]{2}\\.?[0-9a-z]{7,9}|glptt-~{40}|gl(?:agent|oas)-~{40,64}|GR1348941~{20})(?!~)',
    { begins: 'anywhere', loose: '(?:glcbt-@{1,5}_~{20,}|gl[a-z]{2,5}-[A-Za-z0-9_=.-]{20,}|GR1348941~{20,})' },
  ),
  shape('gitlab-session', 'GitLab session', '_gitlab_session=', '_gitlab_session=([a-f0-9]{32})'),
  shape('bitbucket-token', 'Bitbucket token', 'ATBB ATCTT3x', '(?:ATBB@{32}(?!@)|ATCTT3x[A-Za-z0-9_=-]{60,})'),
  shape('atlassian-token', 'Atlassian token', 'ATATT3x ATSTT3x ATOATT3x', 'AT(?:A|S|OA)TT3x[A-Za-z0-9_=-]{60,}'),
  shape(
    'sourcegraph-token',
    'Sourcegraph token',
    'sgp_ sgd_ slk_',
    '(?:sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}|sgd_[a-f0-9]{64}|slk_[a-f0-9]{64})(?!@)',
  ),
  shape('circleci-token', 'CircleCI token', 'CCIPAT_ CCIPRJ_', 'CCIP(?:AT|RJ)_@{22}_[a-f0-9]{40}'),
  shape('buildkite-token', 'Buildkite token', 'bkua_ bkaj_ bkct_', 'bk(?:ua|aj|ct)_[A-Za-z0-9]{40,}'),
  shape('octopus-key', 'Octopus Deploy key', 'API-', 'API-(?![A-F0-9]{26})[A-Z0-9]{26,32}(?![A-Za-z0-9-])'),
  shape('sonar-token', 'Sonar token', 'squ_ sqp_ sqa_', 'sq[upa]_@{40}(?!@)'),
  shape('npm-token', 'npm token', 'npm_', 'npm_@{36}(?!@)', { begins: 'anywhere' }),
  shape('npm-legacy-token', 'npm token', ':_authToken', `:_authToken\\s?=\\s?["']?(${uuid}|[A-Za-z0-9+/_-]{20,}={0,2})`),
  shape('npm-password', 'npm password', ':_auth= :_password= _auth= _password=', '(?::?_auth|:?_password)=["\']?([A-Za-z0-9+/]{8,}={0,2})'),
  shape('pypi-token', 'PyPI token', 'pypi-', 'pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)~{70,}'),
  shape('rubygems-key', 'RubyGems key', 'rubygems_', 'rubygems_[a-f0-9]{48}(?!@)'),
  shape('crates-token', 'crates.io token', 'cio', 'cio@{32}(?!@)'),
  shape('nuget-key', 'NuGet key', 'oy2', 'oy2[a-z0-9]{43}(?!@)'),
  shape('clojars-token', 'Clojars token', 'CLOJARS_', 'CLOJARS_[a-z0-9]{60}'),
  shape('packagist-token', 'Packagist token', 'packagist_', 'packagist_[a-z]{2,4}_[a-f0-9]{60,}'),
  shape('artifactory-key', 'Artifactory key', 'AKCp', 'AKCp@{69}(?!@)'),
  shape('artifactory-token', 'Artifactory token', 'cmVmdGtuOj', 'cmVmdGtuOj@{50,70}(?!@)'),
  shape('postman-key', 'Postman key', 'PMAK- PMAT-', '(?:PMAK-[a-f0-9]{24}-[a-f0-9]{34}|PMAT-[A-Z0-9]{26})(?!@)'),
  shape('snyk-token', 'Snyk token', 'snyk_', 'snyk_[us]at\\.[a-f0-9]{8}\\.[A-Za-z0-9_.-]{40,}'),
  // JSON in base64 begins so, by what stands after its brace: a quote, a space, the end of a line, a tab.
  shape(
    'jwt',
    'JSON Web Token',
    'eyJ eyA ewo ew0 ewk',
    '(?:eyJ|eyA|ew[o0k])~{10,4000}\\.(?:eyJ|eyA|ew[o0k]|ZXlK)~{4,16000}(?:\\.~{0,4000})?={0,2}',
    {
      begins: 'at-run',
    },
  ),
];
