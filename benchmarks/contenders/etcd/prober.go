// SPDX-License-Identifier: BSL-1.0

package main

import (
	"fmt"
	"time"
)

// Asks every millisecond, and says NOLEAD when the answer is not yes any more. After a pause of the
// process it first asks a thousand times, and says RESUMED.
type prober struct {
	leads       func() bool
	says        facts
	first, last int64 // when it was first and last seen to lead; first is 0 if it was not
	stop, ended chan struct{}
}

func probe(leads func() bool, says facts) *prober {
	p := &prober{leads: leads, says: says, stop: make(chan struct{}), ended: make(chan struct{})}
	go p.run()
	return p
}

func (p *prober) end() {
	close(p.stop)
	<-p.ended
}

func (p *prober) run() {
	defer close(p.ended)
	defer p.tell()
	previous := now()
	for {
		select {
		case <-p.stop:
			return
		default:
		}
		current := now()
		if pause := current - previous; pause > int64(300*time.Millisecond) {
			yes := 0
			for i := 0; i < 1000; i++ {
				if p.leads() {
					yes++
				}
			}
			p.says.print("RESUMED", fmt.Sprint(pause/1_000_000, " ", yes))
		}
		p.ask()
		previous = current
		time.Sleep(time.Millisecond)
	}
}

func (p *prober) ask() {
	before := now()
	if !p.leads() {
		p.tell()
		return
	}
	if p.first == 0 {
		p.first = now()
	}
	p.last = before
}

func (p *prober) tell() {
	if p.first != 0 {
		p.says.print("NOLEAD", fmt.Sprint(p.first, " ", p.last))
		p.first = 0
	}
}
