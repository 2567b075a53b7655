import { lazyPattern, type LazyPattern } from '../lazy-pattern.ts';
import { uuid } from './shape.ts';

/** A secret without a mark of its own: what a name with one of these words in it is set to, if it has the right form. */
export interface Assigned {
  readonly kind: string;
  readonly label: string;
  /** In lower case, without `_` and `-`, which are taken out of names before they are compared. */
  readonly names: readonly string[];
  readonly form: LazyPattern;
  /** Whether the form says so little that the name has to speak of a secret as well: `heroku_token`, not `heroku_app_id`. */
  readonly plain: boolean;
}

const hex = (...lengths: number[]): string => lengths.map((length) => `[a-fA-F0-9]{${length}}`).join('|');
const alnum = (...lengths: number[]): string => lengths.map((length) => `[A-Za-z0-9]{${length}}`).join('|');
const wide = (...lengths: number[]): string => lengths.map((length) => `[A-Za-z0-9=_-]{${length}}`).join('|');

export const assignedKinds: readonly Assigned[] = [
  assigned('aws-secret-key', 'AWS secret key', 'awssecret secretaccesskey secretkey awskey awsaccess', '[A-Za-z0-9+/]{40}', false),
  assigned('aws-session-token', 'AWS session token', 'awssessiontoken sessiontoken', '[A-Za-z0-9+/]{100,2000}={0,2}', false),
  assigned('discord-secret', 'Discord secret', 'discord', `${hex(64)}|${wide(32)}`),
  assigned('adafruit-key', 'Adafruit key', 'adafruit', wide(32)),
  assigned('adobe-secret', 'Adobe secret', 'adobe', hex(32)),
  assigned('airtable-key', 'Airtable key', 'airtable', alnum(17)),
  assigned('algolia-key', 'Algolia key', 'algolia', hex(32)),
  assigned('alibaba-secret', 'Alibaba Cloud secret', 'alibaba aliyun alicloud', alnum(30)),
  assigned('asana-token', 'Asana token', 'asana', `[12]/\\d{10,20}(?:/\\d{10,20})?:[a-f0-9]{32}|${alnum(32)}|\\d{16}`),
  assigned('atlassian-token', 'Atlassian token', 'atlassian confluence jira', alnum(24)),
  assigned('auth0-secret', 'Auth0 secret', 'auth0', wide(64)),
  assigned('azure-key', 'Azure key', 'azure openai ocpapim', `${hex(32)}|[a-z2-7]{52}|${alnum(84)}|[A-Za-z0-9+/]{86}==`),
  assigned('azure-devops-token', 'Azure DevOps token', 'adopat azuredevops azdopat vstspat vststoken', '[a-z2-7]{52}', false),
  assigned('beamer-token', 'Beamer token', 'beamer', 'b_[A-Za-z0-9=_-]{44}'),
  assigned('bitbucket-secret', 'Bitbucket secret', 'bitbucket', wide(32, 64)),
  assigned('bittrex-key', 'Bittrex key', 'bittrex', alnum(32)),
  assigned('cloudflare-key', 'Cloudflare key', 'cloudflare', `${hex(37)}|${wide(40)}`),
  assigned('codecov-token', 'Codecov token', 'codecov', `${alnum(32)}|${uuid}`),
  assigned('cohere-key', 'Cohere key', 'cohere coapi', alnum(40)),
  assigned('coinbase-key', 'Coinbase key', 'coinbase', wide(64)),
  assigned('confluent-key', 'Confluent key', 'confluent', alnum(16, 64)),
  assigned('contentful-token', 'Contentful token', 'contentful', wide(43)),
  assigned('circleci-token', 'CircleCI token', 'circleci circle', hex(40)),
  assigned('cloudant-credentials', 'Cloudant credentials', 'cloudant', `${hex(64)}|[a-z]{24}`),
  assigned('datadog-key', 'Datadog key', 'datadog ddapi ddapp', hex(32, 40)),
  assigned('deepgram-key', 'Deepgram key', 'deepgram', hex(40)),
  assigned('drone-token', 'Drone CI token', 'drone', alnum(32)),
  assigned('dropbox-secret', 'Dropbox secret', 'dropbox', `${alnum(15)}|[A-Za-z0-9]{11}AAAAAAAAAA[A-Za-z0-9_=-]{43}`),
  assigned('etsy-key', 'Etsy key', 'etsy', alnum(24)),
  assigned('facebook-secret', 'Facebook secret', 'facebook fbapp fbapi', `${hex(32)}|\\d{15,16}(?:\\||%7C)[A-Za-z0-9_-]{27,40}`),
  assigned('fastly-key', 'Fastly key', 'fastly', wide(32)),
  assigned('finicity-key', 'Finicity key', 'finicity', alnum(20, 32)),
  assigned('finnhub-key', 'Finnhub key', 'finnhub', alnum(20)),
  assigned('flickr-key', 'Flickr key', 'flickr', alnum(32)),
  assigned('freemius-secret', 'Freemius secret', 'secretkey freemius', 'sk_[^\\s"\']{29}', false),
  assigned('freshbooks-key', 'FreshBooks key', 'freshbooks', alnum(64)),
  assigned('gitter-token', 'Gitter token', 'gitter', wide(40)),
  assigned('gitea-token', 'Gitea token', 'gitea forgejo gogs', hex(40)),
  assigned('heroku-key', 'Heroku key', 'heroku', uuid),
  assigned('hetzner-token', 'Hetzner token', 'hetzner hcloud', alnum(64)),
  assigned('hubspot-key', 'HubSpot key', 'hubspot', uuid),
  assigned('ibm-cloud-key', 'IBM Cloud key', 'ibm bluemix iam cloudiam', `${wide(44)}|[a-f0-9]{48}`),
  assigned('ibm-cos-secret', 'IBM Cloud Object Storage secret', 'secretaccesskey hmacsecret cossecret coshmac', hex(48), false),
  assigned('intercom-key', 'Intercom key', 'intercom', wide(60)),
  assigned('jenkins-token', 'Jenkins token', 'jenkins crumb', `11[a-f0-9]{32}|${hex(32, 34)}`),
  assigned('jfrog-token', 'JFrog token', 'jfrog artifactory bintray xray', alnum(64, 73)),
  assigned('kraken-token', 'Kraken token', 'kraken', '[A-Za-z0-9/=_+-]{80,90}'),
  assigned('kucoin-key', 'KuCoin key', 'kucoin', `${hex(24)}|${uuid}`),
  assigned('linear-secret', 'Linear secret', 'linear', hex(32)),
  assigned('linkedin-secret', 'LinkedIn secret', 'linkedin', alnum(14, 16)),
  assigned('linode-token', 'Linode token', 'linode', hex(64)),
  assigned('looker-secret', 'Looker secret', 'looker', alnum(20, 24)),
  assigned('mailchimp-key', 'Mailchimp key', 'mailchimp', hex(32)),
  assigned('mailgun-signing-key', 'Mailgun signing key', 'mailgun', '[a-h0-9]{32}-[a-h0-9]{8}-[a-h0-9]{8}|(?:pub)?key-[a-f0-9]{32}'),
  assigned('mandrill-key', 'Mandrill key', 'mandrill', '[A-Za-z0-9_-]{22}'),
  assigned('mapbox-token', 'Mapbox token', 'mapbox', 'pk\\.[A-Za-z0-9_-]{60,100}\\.[A-Za-z0-9_-]{22}'),
  assigned('mattermost-token', 'Mattermost token', 'mattermost', alnum(26)),
  assigned('meraki-key', 'Meraki key', 'meraki', hex(40)),
  assigned('messagebird-key', 'MessageBird key', 'messagebird', `${alnum(25)}|${uuid}`),
  assigned('mistral-key', 'Mistral key', 'mistral', alnum(32)),
  assigned('netlify-token', 'Netlify token', 'netlify', wide(40, 41, 42, 43, 44, 45, 46)),
  assigned('newrelic-key', 'New Relic key', 'newrelic', alnum(64)),
  assigned('ngrok-token', 'ngrok token', 'ngrok', '[A-Za-z0-9]{25,30}_[A-Za-z0-9]{18,24}'),
  assigned('nytimes-key', 'New York Times key', 'nytimes newyorktimes', wide(32)),
  assigned('okta-token', 'Okta token', 'okta', '00[A-Za-z0-9_-]{40}'),
  assigned('openweather-key', 'OpenWeather key', 'openweather owm', hex(32)),
  assigned('pagerduty-token', 'PagerDuty token', 'pagerduty pdapi', '[A-Za-z0-9_+-]{20}|[a-f0-9]{32}'),
  assigned('plaid-secret', 'Plaid secret', 'plaid', alnum(24, 30)),
  assigned('postmark-token', 'Postmark token', 'postmark', uuid),
  assigned('privateai-key', 'Private AI key', 'privateai', alnum(32)),
  assigned('pubnub-key', 'PubNub key', 'pubnub', `(?:sec|sub|pub)-c-${uuid}`),
  assigned('pusher-secret', 'Pusher secret', 'pusher', hex(20)),
  assigned('scaleway-secret', 'Scaleway secret', 'scaleway scw', uuid),
  assigned('sendbird-token', 'Sendbird token', 'sendbird', `${hex(40)}|${uuid}`),
  assigned('sentry-token', 'Sentry token', 'sentry', hex(64)),
  assigned('shodan-key', 'Shodan key', 'shodan', alnum(32)),
  assigned('snyk-token', 'Snyk token', 'snyk', uuid),
  assigned('softlayer-key', 'SoftLayer key', 'softlayer slkey slapikey', hex(64)),
  assigned('sonar-token', 'Sonar token', 'sonarlogin', `${hex(40)}|sq[upa]_[a-z0-9]{40}`, false),
  assigned('code-climate-id', 'Code Climate reporter id', 'testreporterid', hex(64), false),
  assigned('kubernetes-bootstrap-token', 'Kubernetes bootstrap token', 'bootstraptoken', '[a-z0-9]{6}\\.[a-z0-9]{16}', false),
  assigned('sonar-token', 'Sonar token', 'sonar', `${wide(40)}|${hex(40)}`),
  assigned('spotify-secret', 'Spotify secret', 'spotify', hex(32)),
  assigned('square-token', 'Square token', 'square', 'sq0[a-z]{3}-[A-Za-z0-9_-]{22,60}'),
  assigned('squarespace-token', 'Squarespace token', 'squarespace', uuid),
  assigned('sumologic-key', 'Sumo Logic key', 'sumo', `su[A-Za-z0-9]{12}|${alnum(64)}`),
  assigned('sourcegraph-token', 'Sourcegraph token', 'sourcegraph', hex(40)),
  assigned('splunk-token', 'Splunk token', 'splunk', uuid),
  assigned('teamcity-token', 'TeamCity token', 'teamcity', '[A-Za-z0-9]{30,60}\\.[A-Za-z0-9]{30,80}\\.[A-Za-z0-9]{30,80}'),
  assigned('travis-token', 'Travis CI token', 'travis', alnum(20, 21, 22)),
  assigned('trello-token', 'Trello token', 'trello', `${hex(32, 64)}|${alnum(32)}`),
  assigned('twilio-token', 'Twilio token', 'twilio', hex(32)),
  assigned('twitch-token', 'Twitch token', 'twitch', alnum(30)),
  assigned(
    'twitter-secret',
    'Twitter secret',
    'twitter',
    '[A-Za-z0-9]{25}|[A-Za-z0-9]{35,50}|\\d{15,25}-[A-Za-z0-9]{20,40}|A{20,}[A-Za-z0-9%]{60,140}',
  ),
  assigned('vault-token', 'Vault token', 'vault', 's\\.[A-Za-z0-9]{24}'),
  assigned('wandb-key', 'Weights & Biases key', 'wandb', hex(40)),
  assigned('yandex-key', 'Yandex key', 'yandex', 'AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38}|y[0-3]_[A-Za-z0-9_-]{55}'),
  assigned('zendesk-secret', 'Zendesk secret', 'zendesk', alnum(40)),
  assigned(
    'ethereum-key',
    'Ethereum private key',
    'privatekey privkey walletkey deployer secretkey mnemonickey',
    '(?:0x)?[a-fA-F0-9]{64}',
    false,
  ),
];

function assigned(kind: string, label: string, names: string, form: string, plain = true): Assigned {
  return { kind, label, names: names.split(' '), form: lazyPattern(() => `^(?:${form})$`, ''), plain };
}
