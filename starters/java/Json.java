import java.util.*;

/** JSON in one small file: maps, lists, text, numbers, true, false and null. */
final class Json {
    private final String text;
    private int at = 0;

    private Json(String text) { this.text = text; }

    static Object read(String text) { return new Json(text).value(); }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at);
    }

    private boolean takes(char c) {
        if (next() != c) return false;
        at++;
        return true;
    }

    private Object value() {
        switch (next()) {
            case '{': {
                at++;
                Map<String, Object> map = new LinkedHashMap<>();
                if (takes('}')) return map;
                do {
                    next();
                    String name = string();
                    takes(':');
                    map.put(name, value());
                } while (takes(','));
                takes('}');
                return map;
            }
            case '[': {
                at++;
                List<Object> list = new ArrayList<>();
                if (takes(']')) return list;
                do list.add(value()); while (takes(','));
                takes(']');
                return list;
            }
            case '"': return string();
            default: return word();
        }
    }

    private Object word() {
        int begin = at;
        while (at < text.length() && ",]} ".indexOf(text.charAt(at)) < 0) at++;
        String word = text.substring(begin, at);
        switch (word) {
            case "null": return null;
            case "true": return true;
            case "false": return false;
            default: return word.contains(".") ? (Object) Double.valueOf(word) : (Object) Long.valueOf(word);
        }
    }

    private String string() {
        StringBuilder read = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            if (text.charAt(at) != '\\') { read.append(text.charAt(at)); continue; }
            char c = text.charAt(++at);
            int plain = "nrtbf".indexOf(c);
            if (c == 'u') {
                read.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                at += 4;
            } else read.append(plain < 0 ? c : "\n\r\t\b\f".charAt(plain));
        }
        at++;
        return read.toString();
    }

    static String write(Object value) {
        if (value instanceof Map) {
            StringJoiner joined = new StringJoiner(",", "{", "}");
            ((Map<?, ?>) value).forEach((name, it) -> joined.add(write(name) + ":" + write(it)));
            return joined.toString();
        }
        if (value instanceof List) {
            StringJoiner joined = new StringJoiner(",", "[", "]");
            for (Object it : (List<?>) value) joined.add(write(it));
            return joined.toString();
        }
        if (!(value instanceof String)) return String.valueOf(value);
        StringBuilder written = new StringBuilder("\"");
        for (char c : ((String) value).toCharArray()) {
            if (c == '"' || c == '\\') written.append('\\').append(c);
            else if (c < ' ') written.append(String.format("\\u%04x", (int) c));
            else written.append(c);
        }
        return written.append('"').toString();
    }
}
