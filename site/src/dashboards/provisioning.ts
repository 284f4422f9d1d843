/** The file that tells a Grafana where the Prometheus is, and the one that has it load the dashboards of a folder. */
import { dataSource } from './model';

export const dataSourceFile = {
  name: 'datasource.yml',
  text: `# /etc/grafana/provisioning/datasources/datasource.yml
apiVersion: 1
datasources:
  - name: Prometheus
    uid: ${dataSource.uid}
    type: ${dataSource.type}
    access: proxy
    url: http://prometheus:9090
    isDefault: true
    jsonData:
      httpMethod: POST
      timeInterval: 15s
`,
} as const;

export const providerFile = {
  name: 'dashboards.yml',
  text: `# /etc/grafana/provisioning/dashboards/dashboards.yml
apiVersion: 1
providers:
  - name: promenade
    type: file
    options:
      path: /var/lib/grafana/dashboards
`,
} as const;
