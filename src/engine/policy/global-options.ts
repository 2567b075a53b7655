import { baseName } from '../shell/programs.ts';

/** Options that a program takes, with a value as the next word, before its subcommand. */
export interface GlobalOptions {
  readonly valued: ReadonlySet<string>;
  /** Whether they may stand behind the subcommand, too, and mean the same there. */
  readonly anywhere: boolean;
}

/** What is known of the global options of a program; `undefined`: nothing. */
export function globalOptionsOf(program: string): GlobalOptions | undefined {
  return table.get(programName(program));
}

/** The last part of a program's path, without the endings that Windows adds. */
export function programName(program: string): string {
  const name = baseName(program).slice(program.lastIndexOf('\\') > program.lastIndexOf('/') ? baseName(program).lastIndexOf('\\') + 1 : 0);
  return /\.(exe|cmd|bat|com)$/i.test(name) ? name.slice(0, -4).toLowerCase() : name;
}

/** A line a program; those that begin with `*` may stand anywhere. From the manuals of the programs. */
const lines = `
git -C -c --git-dir --work-tree --namespace --config-env --exec-path --super-prefix --attr-source --list-cmds
hg -R --repository --cwd --config -E --encoding --encodingmode --color --pager
svn --username --password --config-dir --config-option
*kubectl -n --namespace --context --cluster --user --kubeconfig -s --server --token --as --as-group --as-uid --cache-dir --certificate-authority --client-certificate --client-key --request-timeout --tls-server-name --profile --profile-output -v --v --vmodule --log-file --password --username --kuberc
*oc -n --namespace --context --cluster --user --kubeconfig -s --server --token --as --as-group --request-timeout -v --loglevel
*helm -n --namespace --kube-context --kubeconfig --kube-apiserver --kube-token --kube-as-user --kube-as-group --kube-ca-file --registry-config --repository-cache --repository-config --burst-limit --qps
*aws --profile --region --endpoint-url --output --query --color --ca-bundle --cli-read-timeout --cli-connect-timeout --cli-binary-format
*gcloud --project --account --configuration --format --verbosity --flags-file --billing-project --impersonate-service-account --access-token-file --trace-token --flatten --filter --region --zone
*gsutil -o -h -u -i
*bq --project_id --dataset_id --location --format --credential_file --service_account --api
*az --subscription --output -o --query --resource-group -g
*doctl -t --access-token --context -o --output -u --api-url -c --config
*flyctl -t --access-token -a --app -c --config
*fly -t --access-token -a --app -c --config
*heroku -a --app -r --remote
*vercel -A --local-config -Q --global-config -S --scope -T --team -t --token --cwd
*netlify --auth --filter -s --site
*wrangler -c --config -e --env --cwd
*firebase -P --project --account --config --token
*supabase --workdir --profile --project-ref --network-id --dns-resolver
*railway -s --service -e --environment -p --project
docker -H --host -c --context --config -l --log-level --tlscacert --tlscert --tlskey
podman -H --connection -c --url --log-level --root --runroot --storage-driver --storage-opt --identity --events-backend --cgroup-manager --conmon --network-cmd-path --runtime --tmpdir
nerdctl -n --namespace -a --address -H --host --snapshotter --data-root --cgroup-manager
docker-compose -f --file -p --project-name --profile --project-directory --env-file --parallel --ansi -H --host --log-level -c --context
crictl -c --config -r --runtime-endpoint -i --image-endpoint -t --timeout
terraform -chdir
tofu -chdir
terragrunt --terragrunt-working-dir --terragrunt-config --working-dir --config --log-level --queue-include-dir --queue-exclude-dir
*pulumi -C --cwd --color -s --stack -v --verbose --tracing --profiling
*cdk -a --app -c --context --profile --region -o --output --role-arn -r
*ansible-playbook -i --inventory -e --extra-vars -l --limit -u --user --private-key --vault-password-file -t --tags
*npm --prefix -C --registry -w --workspace --userconfig --globalconfig --cache --loglevel --otp --tag --scope --access
*pnpm -C --dir -F --filter --registry --loglevel --reporter
*yarn --cwd --registry --cache-folder --modules-folder --mutex
bun --cwd -c --config --env-file
*cargo --manifest-path --color --config -C -Z --target-dir --registry
go -C
*pip --proxy --timeout --retries --cert --log --cache-dir --python --index-url -i
*uv --directory --project --config-file --cache-dir --color --python
*poetry -C --directory -P --project
gem --config-file
*gh -R --repo --hostname
*glab -R --repo --hostname
*vault -address -namespace -ca-cert -client-cert -client-key -tls-server-name -format
*consul -http-addr -token -datacenter -namespace -partition
*nomad -address -region -namespace -token
*etcdctl --endpoints --user --password --cert --key --cacert --command-timeout --dial-timeout
systemctl -H --host -M --machine -t --type -p --property -s --signal -o --output -n --lines --root --state --job-mode --kill-whom -P
*psql -h --host -p --port -U --username -d --dbname -c --command -f --file -v --set -o --output
*mysql -h --host -P --port -u --user -D --database -e --execute -S --socket
*mysqladmin -h --host -P --port -u --user -S --socket
*redis-cli -h -p -a -u -n --user --pass -i -r -x
*mongosh --host --port -u --username -p --password --authenticationDatabase --eval
*rabbitmqctl -n --node -p --vhost -t --timeout
*kafka-topics --bootstrap-server --topic --command-config --zookeeper
*nats -s --server --user --password --creds --context
*restic -r --repo -p --password-file --cache-dir -o --option --tls-client-cert --cacert --limit-upload --limit-download
*borg --remote-path --rsh --log-json
*rclone --config --log-file --log-level --transfers --checkers --bwlimit
*velero -n --namespace --kubeconfig --kubecontext
*argocd --server --auth-token --config --grpc-web-root-path --core-namespace
*flux -n --namespace --context --kubeconfig
*istioctl -n --namespace -i --istioNamespace --context -c --kubeconfig
*linkerd -n --namespace -L --linkerd-namespace --context --kubeconfig
*eksctl -r --region -p --profile --cluster
*op --account --config --session --format --vault
*stripe --api-key --project-name -p --config --log-level
virsh -c --connect -e --escape -k -K -l --log -d
lxc --project
adb -s -t -H -P -L
make -C --directory -f --file --makefile -I --include-dir -j -l -o -W
ninja -C -f -j -k -l -t
bundle --gemfile -r
dotnet --additionalprobingpath --fx-version --roll-forward
sqlcmd -S -U -P -d -Q -q -i -o
`;

const table: ReadonlyMap<string, GlobalOptions> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...valued] = line.split(' ');
      const anywhere = name.startsWith('*');
      return [anywhere ? name.slice(1) : name, { valued: new Set(valued), anywhere }];
    }),
);
