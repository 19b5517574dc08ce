// SPDX-License-Identifier: BSL-1.0

package main

import (
	"context"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/client/v3/concurrency"
)

type elector struct {
	client  *clientv3.Client
	options options
	says    facts
	// The session that won, until it resigns.
	elected atomic.Pointer[concurrency.Session]
}

// Whether it leads, as far as the client can tell without asking etcd.
func (e *elector) leads() bool {
	session := e.elected.Load()
	if session == nil {
		return false
	}
	select {
	case <-session.Done():
		return false
	default:
		return true
	}
}

// Contends, again after each loss, until it is cancelled.
func (e *elector) contend(ctx context.Context) {
	for ctx.Err() == nil {
		session, err := concurrency.NewSession(e.client, concurrency.WithTTL(e.options.ttl))
		if err == nil {
			e.contendIn(ctx, session)
			session.Close()
		} else {
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// Contends until the session is done or it is cancelled.
func (e *elector) contendIn(ctx context.Context, session *concurrency.Session) {
	// No candidate can win in a session that is done.
	campaign, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-session.Done():
			cancel()
		case <-campaign.Done():
		}
	}()

	election := concurrency.NewElection(session, "/neli/"+e.options.topic)
	if election.Campaign(campaign, e.options.name) != nil {
		return
	}
	e.says.print("ACQUIRED")
	e.elected.Store(session)
	if e.leads() {
		e.says.print("LEAD")
	}
	select {
	case <-session.Done():
		e.elected.Store(nil)
		e.says.print("FENCED")
	case <-ctx.Done():
		e.elected.Store(nil)
		election.Resign(e.client.Ctx())
	}
}
