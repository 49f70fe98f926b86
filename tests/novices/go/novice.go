// A priest of the Synod (docs/novice.md).
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"sort"
	"strconv"
	"strings"
)

type object = map[string]any

// below: whether ballot number a is below b, by integer, then by name. §2.2
func below(a, b any) bool {
	if a == nil || b == nil {
		return a == nil && b != nil
	}
	x, y := strings.SplitN(a.(string), ".", 2), strings.SplitN(b.(string), ".", 2)
	m, _ := strconv.ParseUint(x[0], 10, 64)
	n, _ := strconv.ParseUint(y[0], 10, 64)
	return m < n || m == n && x[1] < y[1]
}

// names lists the keys in order.
func names(of object) []string {
	all := []string{}
	for name := range of {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

// act decides what to ink, what to keep on the slip, and what to send.
func act(you string, members object, notes map[string]object, slip any, event object) ([]object, any, []object) {
	ink, send := []object{}, []object{}
	lastTried, nextBal := notes["lastTried"]["ballot"], notes["nextBal"]["ballot"]
	prevVote, outcome := notes["prevVote"], notes["outcome"]
	nothing := func() ([]object, any, []object) { return []object{}, slip, []object{} }
	onSlip, _ := slip.(object)
	weight := func(names []string) (sum float64) {
		for _, name := range names {
			sum += members[name].(float64)
		}
		return sum
	}
	switch event["event"] {
	case "try":
		ballot := event["ballot"]
		if !below(lastTried, ballot) {
			return nothing()
		}
		ink = append(ink, object{"entry": "lastTried", "ballot": ballot})
		slip = object{"status": "trying", "votes": object{}}
		for _, to := range names(members) {
			send = append(send, object{"to": to, "letter": object{"message": "NextBallot", "ballot": ballot}})
		}
	case "begin":
		if onSlip["status"] != "trying" {
			return nothing()
		}
		votes := onSlip["votes"].(object)
		quorum := names(votes)
		if 2*weight(quorum) <= weight(names(members)) {
			return nothing()
		}
		var latest any
		decree := event["decree"]
		for _, name := range quorum {
			vote, _ := votes[name].(object)
			if vote != nil && below(latest, vote["ballot"]) {
				latest, decree = vote["ballot"], vote["decree"]
			}
		}
		ink = append(ink, object{"entry": "beginBallot", "ballot": lastTried, "decree": decree, "quorum": quorum})
		slip = object{"status": "polling", "decree": decree, "quorum": quorum, "voters": object{}}
		for _, to := range quorum {
			letter := object{"message": "BeginBallot", "ballot": lastTried, "decree": decree}
			send = append(send, object{"to": to, "letter": letter})
		}
	case "read":
		from, letter := event["from"], event["letter"].(object)
		ballot, decree := letter["ballot"], letter["decree"]
		switch letter["message"] {
		case "NextBallot":
			if !below(nextBal, ballot) {
				return nothing()
			}
			ink = append(ink, object{"entry": "nextBal", "ballot": ballot})
			reply := object{"message": "LastVote", "ballot": ballot}
			if prevVote != nil {
				reply["vote"], reply["decree"] = prevVote["ballot"], prevVote["decree"]
			}
			send = append(send, object{"to": from, "letter": reply})
		case "LastVote":
			if ballot != lastTried || onSlip["status"] != "trying" {
				return nothing()
			}
			var vote any
			if letter["vote"] != nil {
				vote = object{"ballot": letter["vote"], "decree": decree}
			}
			onSlip["votes"].(object)[from.(string)] = vote
		case "BeginBallot":
			if ballot != nextBal || !below(prevVote["ballot"], ballot) {
				return nothing()
			}
			ink = append(ink, object{"entry": "prevVote", "ballot": ballot, "decree": decree})
			send = append(send, object{"to": from, "letter": object{"message": "Voted", "ballot": ballot}})
		case "Voted":
			if ballot != lastTried || onSlip["status"] != "polling" {
				return nothing()
			}
			voters := onSlip["voters"].(object)
			voters[from.(string)] = true
			for _, name := range onSlip["quorum"].([]any) {
				if voters[name.(string)] == nil {
					return ink, slip, send
				}
			}
			passed := onSlip["decree"]
			if outcome == nil {
				ink = append(ink, object{"entry": "outcome", "ballot": ballot, "decree": passed})
			}
			for _, to := range names(members) {
				if to != you {
					letter := object{"message": "Success", "ballot": ballot, "decree": passed}
					send = append(send, object{"to": to, "letter": letter})
				}
			}
			slip = nil
		case "Success":
			if outcome != nil {
				return nothing()
			}
			ink = append(ink, object{"entry": "outcome", "ballot": ballot, "decree": decree})
		}
	}
	return ink, slip, send
}

func main() {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Buffer(nil, 1<<20); in.Scan(); {
		var asked struct {
			You            string
			Members, Event object
			Ledger         []object
			Slip           any
		}
		if json.Unmarshal(in.Bytes(), &asked) != nil {
			os.Exit(1)
		}
		notes := map[string]object{}
		for _, row := range asked.Ledger {
			notes[row["entry"].(string)] = row
		}
		ink, slip, send := act(asked.You, asked.Members, notes, asked.Slip, asked.Event)
		out.Encode(object{"ink": ink, "slip": slip, "send": send})
	}
}
