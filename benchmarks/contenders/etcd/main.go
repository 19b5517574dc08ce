// SPDX-License-Identifier: BSL-1.0

// A contender for leadership by etcd, as its client library's documentation has
// it: the package concurrency, with a session and an election.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
)

const about = `usage: etcd-contender --name NAME --servers HOST:PORT,... --topic TOPIC [options]

Contends until SIGTERM; prints one line per fact:
  <ns of the monotonic clock> <name> <WHAT> [detail]
WHAT is STARTED, ACQUIRED (Campaign returned), LEAD, NOLEAD (when it first and last
led: Campaign had returned and the session was not done), FENCED (the session is
done), RESUMED (after a pause of the process: milliseconds, and how many of its
first 1000 questions were answered "I lead") or CLOSED.

`

type options struct {
	name, servers, topic string
	ttl                  int
	noProber             bool
}

func parse() options {
	var o options
	flag.StringVar(&o.name, "name", "", "this contender's name")
	flag.StringVar(&o.servers, "servers", "", "etcd's endpoints, host:port,...")
	flag.StringVar(&o.topic, "topic", "", "what the election is called")
	flag.IntVar(&o.ttl, "ttl", 60, "the session's time to live, in `seconds`")
	flag.BoolVar(&o.noProber, "no-prober", false,
		"do not ask every millisecond who leads, and never say NOLEAD")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(), about)
		flag.PrintDefaults()
	}
	flag.Parse()
	for _, name := range []string{"name", "servers", "topic"} {
		if flag.Lookup(name).Value.String() == "" {
			misused("--%s is missing", name)
		}
	}
	if flag.NArg() > 0 {
		misused("unknown argument '%s'", flag.Arg(0))
	}
	if o.ttl < 1 {
		misused("--ttl %d is not a number from 1", o.ttl)
	}
	return o
}

func misused(format string, words ...any) {
	fmt.Fprintf(os.Stderr, "etcd-contender: "+format+", see --help\n", words...)
	os.Exit(2)
}

func main() {
	o := parse()
	// Before STARTED is printed, as a reader of that may send a signal at once.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	client, err := clientv3.New(clientv3.Config{
		Endpoints: strings.Split(o.servers, ","),
		// No log: errors of a server that is down are expected here.
		Logger: zap.NewNop(),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "etcd-contender:", err)
		os.Exit(1)
	}

	says := facts{o.name}
	says.print("STARTED")
	e := &elector{client: client, options: o, says: says}
	var asks *prober
	if !o.noProber {
		asks = probe(e.leads, says)
	}
	left := make(chan struct{})
	go func() {
		defer close(left)
		e.contend(ctx)
	}()
	<-ctx.Done()
	select {
	case <-left:
	case <-time.After(10 * time.Second): // etcd may be out of reach
	}
	if asks != nil {
		asks.end()
	}
	says.print("CLOSED")
}
