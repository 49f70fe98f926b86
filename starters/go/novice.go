// A priest of the Synod. Its guards are missing: docs/novice.md has them.
//
//	go build novice.go && parliament examine --novice ./novice
package main

import (
	"bufio"
	"encoding/json"
	"os"
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

// act decides what to ink, what to keep on the slip, and what to send.
func act(you string, members object, notes map[string]object, slip any, event object) ([]object, any, []object) {
	ink, send := []object{}, []object{}
	lastTried, nextBal := notes["lastTried"]["ballot"], notes["nextBal"]["ballot"]
	prevVote, outcome := notes["prevVote"], notes["outcome"]
	_, _, _ = lastTried, nextBal, outcome
	switch event["event"] {
	case "try": // §2.3 (1) TODO: ink lastTried, send NextBallot to all members
	case "begin": // §2.3 (3) TODO: if a majority replied, ink and send BeginBallot
	case "read":
		from, letter := event["from"], event["letter"].(object)
		ballot, decree := letter["ballot"], letter["decree"]
		switch letter["message"] {
		case "NextBallot": // §2.3 (2) TODO: which ballots may he promise? (below compares them)
			ink = append(ink, object{"entry": "nextBal", "ballot": ballot})
			reply := object{"message": "LastVote", "ballot": ballot}
			if prevVote != nil {
				reply["vote"], reply["decree"] = prevVote["ballot"], prevVote["decree"]
			}
			send = append(send, object{"to": from, "letter": reply})
		case "LastVote": // §2.3 (3) TODO: note on the slip who replied, and his vote
		case "BeginBallot": // §2.3 (4) TODO: in which ballots may he vote?
			ink = append(ink, object{"entry": "prevVote", "ballot": ballot, "decree": decree})
			send = append(send, object{"to": from, "letter": object{"message": "Voted", "ballot": ballot}})
		case "Voted": // §2.3 (5) TODO: when all of the quorum voted, ink outcome, send Success
		case "Success": // §2.3 (6) TODO: what if there is an outcome already?
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
