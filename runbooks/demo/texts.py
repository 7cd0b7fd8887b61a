"""What the runbooks of the demo say."""

FAILOVER = """\
---
parameters:
  - name: standby
    description: The standby to promote
    pattern: "db[0-9]+"
    required: true
---
The primary of the orders database is gone and does not come back by itself.

## Symptom

Checkout answers 503, and `OrdersDatabaseDown` fires for more than two minutes.

## Recovery steps

- [ ] Make sure that the primary is really down: `pg_isready -h orders-db`
- [ ] Choose the standby that is the least behind:

  ```sql
  SELECT application_name, replay_lag FROM pg_stat_replication;
  ```

- [ ] Promote it {second person}

  ```bash
  ssh {{ standby }} sudo -u postgres pg_ctl promote
  ```

- [ ] Point `orders-db` to it and wait one minute
- [ ] Place a test order {check}

> [!WARNING]
> Never start the old primary again before it was rebuilt as a standby: both would take orders.

## Verification

The [queue](../runbooks/drain-the-message-queue.md) empties, and checkout answers within 300 ms.
"""
QUEUE = """\
The warehouse gets orders late because the queue grows faster than it is read.

## Symptom

`QueueBacklog` fires; the oldest message is older than five minutes.

## Diagnostic commands

```bash
rabbitmqctl list_queues name messages consumers
journalctl -u order-reader --since -15min
```

## Log locations

| what | where |
|---|---|
| broker | `/var/log/rabbitmq/` |
| readers | the journal of `order-reader` |

## Resolution

1. Restart readers that hang: `systemctl restart order-reader`
2. Double the readers while the backlog lasts: `systemctl start order-reader@{3..6}`
3. Stop the extra readers when the backlog is gone.
"""
DEPLOY = """\
---
parameters:
  - {name: release, description: The tag to deploy, pattern: "v[0-9.]+"}
  - {name: token, description: The deploy token, type: secret}
---
Bring a new release of checkout to production, without a gap in service.

## Pre-deployment checklist

- [ ] The release {{ release }} passed on staging
- [ ] Nobody else deploys, and no incident is open

## Commands

- [ ] Shift a tenth of the traffic

  ```bash
  deploy checkout --release {{ release }} --token {{ token }} --share 10
  ```
- [ ] Wait ten minutes and compare error rates {check}
- [ ] Shift the rest {second person}

  ```bash
  deploy checkout --release {{ release }} --token {{ token }} --share 100
  ```

## Verification

- [ ] Place an order with the test card

## Rollback

[Roll back checkout](roll-back-checkout) takes less than a minute.
"""
ROLLBACK = """\
---
parameters:
  - {name: previous, description: The tag to go back to, pattern: "v[0-9.]+"}
---
Checkout goes back to the release before.

## Commands

- [ ] Shift all of the traffic back

  ```bash
  deploy checkout --release {{ previous }} --share 100
  ```

## Verification

- [ ] Place an order with the test card {check}
"""
CERTIFICATES = """\
The certificates of the shop are renewed by themselves; this is for the day when that fails.

## Steps

1. See how long they last: `openssl s_client -connect shop.example.org:443 </dev/null`
2. Renew: `certbot renew --cert-name shop.example.org`
3. Reload the proxies, one after the other: `systemctl reload nginx`

## Verification

The browser shows the new date, on each of the proxies.
"""
REINDEX = """\
Build the index of the product search anew, for example after its fields changed.

## Steps

1. Start the build: `search-admin build --into next`
2. Wait until it is done, about 40 minutes.
3. Switch: `search-admin switch next`
"""
