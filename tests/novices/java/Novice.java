import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;

// A priest of the Synod (docs/novice.md).
final class Novice {
    final List<Object> ink = new ArrayList<>(), send = new ArrayList<>();
    Object slip;

    /** Below 0 if ballot a is below b: by integer, then by name. §2.2 */
    static int compare(String a, String b) {
        if (a == null || b == null) return a == b ? 0 : a == null ? -1 : 1;
        int x = a.indexOf('.'), y = b.indexOf('.');
        int by = Long.compare(Long.parseLong(a.substring(0, x)), Long.parseLong(b.substring(0, y)));
        return by != 0 ? by : a.substring(x + 1).compareTo(b.substring(y + 1));
    }

    static Map<String, Object> fields(Object... all) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < all.length; i += 2) map.put((String) all[i], all[i + 1]);
        return map;
    }

    void send(String to, Map<String, Object> letter) { send.add(fields("to", to, "letter", letter)); }

    @SuppressWarnings("unchecked")
    void act(String you, Map<String, Object> members, List<Map<String, Object>> ledger,
             Map<String, Object> event) {
        Map<String, Map<String, Object>> notes = new HashMap<>();
        for (Map<String, Object> row : ledger) notes.put((String) row.get("entry"), row);
        Map<String, Object> none = Map.of();
        String lastTried = (String) notes.getOrDefault("lastTried", none).get("ballot");
        String nextBal = (String) notes.getOrDefault("nextBal", none).get("ballot");
        Map<String, Object> prevVote = notes.get("prevVote"), outcome = notes.get("outcome");
        switch ((String) event.get("event")) {
            case "try": {
                String ballot = (String) event.get("ballot");
                if (compare(ballot, lastTried) <= 0) return;
                ink.add(fields("entry", "lastTried", "ballot", ballot));
                slip = fields("status", "trying", "votes", fields());
                for (String to : members.keySet()) send(to, fields("message", "NextBallot", "ballot", ballot));
                break;
            }
            case "begin": {
                if (!isOnSlip("trying")) return;
                Map<String, Object> votes = (Map<String, Object>) ((Map<String, Object>) slip).get("votes");
                List<Object> quorum = new ArrayList<>(new TreeSet<>(votes.keySet()));
                long weight = 0, all = 0;
                for (String name : members.keySet()) {
                    all += (Long) members.get(name);
                    weight += votes.containsKey(name) ? (Long) members.get(name) : 0;
                }
                if (2 * weight <= all) return;
                Object decree = event.get("decree");
                String latest = null;
                for (Object it : votes.values()) {
                    if (it == null) continue;
                    Map<String, Object> vote = (Map<String, Object>) it;
                    if (compare((String) vote.get("ballot"), latest) > 0) {
                        latest = (String) vote.get("ballot");
                        decree = vote.get("decree");
                    }
                }
                ink.add(fields("entry", "beginBallot", "ballot", lastTried, "decree", decree, "quorum", quorum));
                slip = fields("status", "polling", "decree", decree, "quorum", quorum, "voters", List.of());
                for (Object to : quorum) {
                    send((String) to, fields("message", "BeginBallot", "ballot", lastTried, "decree", decree));
                }
                break;
            }
            case "read": {
                String from = (String) event.get("from");
                Map<String, Object> letter = (Map<String, Object>) event.get("letter");
                String ballot = (String) letter.get("ballot");
                Object decree = letter.get("decree");
                switch ((String) letter.get("message")) {
                    case "NextBallot": {
                        if (compare(ballot, nextBal) <= 0) return;
                        ink.add(fields("entry", "nextBal", "ballot", ballot));
                        Map<String, Object> reply = fields("message", "LastVote", "ballot", ballot);
                        if (prevVote != null) {
                            reply.put("vote", prevVote.get("ballot"));
                            reply.put("decree", prevVote.get("decree"));
                        }
                        send(from, reply);
                        break;
                    }
                    case "LastVote": {
                        if (!ballot.equals(lastTried) || !isOnSlip("trying")) return;
                        Object vote = letter.get("vote");
                        Object his = vote == null ? null : fields("ballot", vote, "decree", decree);
                        ((Map<String, Object>) ((Map<String, Object>) slip).get("votes")).put(from, his);
                        slip = sorted((Map<String, Object>) slip);
                        break;
                    }
                    case "BeginBallot":
                        if (!ballot.equals(nextBal)) return;
                        if (prevVote != null && compare(ballot, (String) prevVote.get("ballot")) <= 0) return;
                        ink.add(fields("entry", "prevVote", "ballot", ballot, "decree", decree));
                        send(from, fields("message", "Voted", "ballot", ballot));
                        break;
                    case "Voted": {
                        if (!ballot.equals(lastTried) || !isOnSlip("polling")) return;
                        Map<String, Object> poll = (Map<String, Object>) slip;
                        TreeSet<Object> voters = new TreeSet<>((List<Object>) poll.get("voters"));
                        voters.add(from);
                        poll.put("voters", new ArrayList<>(voters));
                        if (!voters.containsAll((List<Object>) poll.get("quorum"))) return;
                        Object passed = poll.get("decree");
                        if (outcome == null) ink.add(fields("entry", "outcome", "ballot", ballot, "decree", passed));
                        for (String to : members.keySet()) {
                            if (!to.equals(you)) send(to, fields("message", "Success", "ballot", ballot, "decree", passed));
                        }
                        slip = null;
                        break;
                    }
                    case "Success":
                        if (outcome != null) return;
                        ink.add(fields("entry", "outcome", "ballot", ballot, "decree", decree));
                }
            }
        }
    }

    boolean isOnSlip(String status) {
        return slip instanceof Map && status.equals(((Map<?, ?>) slip).get("status"));
    }

    /** The same, its votes in the order of names. */
    @SuppressWarnings("unchecked")
    static Map<String, Object> sorted(Map<String, Object> slip) {
        slip.put("votes", new TreeMap<>((Map<String, Object>) slip.get("votes")));
        return slip;
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] none) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        for (String line; (line = in.readLine()) != null; ) {
            Map<String, Object> asked = (Map<String, Object>) Json.read(line);
            Novice priest = new Novice();
            priest.slip = asked.get("slip");
            priest.act((String) asked.get("you"), (Map<String, Object>) asked.get("members"),
                (List<Map<String, Object>>) asked.get("ledger"), (Map<String, Object>) asked.get("event"));
            out.print(Json.write(fields("ink", priest.ink, "slip", priest.slip, "send", priest.send)) + "\n");
            out.flush();
        }
    }
}
