import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
// A priest of the Synod. Its guards are missing: docs/novice.md has them.
// javac *.java && parliament examine --novice "java Novice"
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
        String lastTried = (String) notes.getOrDefault("lastTried", Map.of()).get("ballot");
        String nextBal = (String) notes.getOrDefault("nextBal", Map.of()).get("ballot");
        Map<String, Object> prevVote = notes.get("prevVote"), outcome = notes.get("outcome");
        switch ((String) event.get("event")) {
            case "try": break;   // §2.3 (1) TODO: ink lastTried, send NextBallot to all members
            case "begin": break; // §2.3 (3) TODO: if a majority replied, ink and send BeginBallot
            case "read": {
                String from = (String) event.get("from");
                Map<String, Object> letter = (Map<String, Object>) event.get("letter");
                String ballot = (String) letter.get("ballot");
                Object decree = letter.get("decree");
                switch ((String) letter.get("message")) {
                    case "NextBallot": { // §2.3 (2) TODO: which ballots may he promise?
                        ink.add(fields("entry", "nextBal", "ballot", ballot));
                        Map<String, Object> reply = fields("message", "LastVote", "ballot", ballot);
                        if (prevVote != null) {
                            reply.put("vote", prevVote.get("ballot"));
                            reply.put("decree", prevVote.get("decree"));
                        }
                        send(from, reply);
                        break;
                    }
                    case "LastVote": break; // §2.3 (3) TODO: note who replied, and his vote
                    case "BeginBallot":     // §2.3 (4) TODO: in which ballots may he vote?
                        ink.add(fields("entry", "prevVote", "ballot", ballot, "decree", decree));
                        send(from, fields("message", "Voted", "ballot", ballot));
                        break;
                    case "Voted": break;    // §2.3 (5) TODO: when the quorum has voted, ink and tell
                    case "Success":         // §2.3 (6) TODO: what if there is an outcome already?
                        ink.add(fields("entry", "outcome", "ballot", ballot, "decree", decree));
                }
            }
        }
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
