package superweight.cli;

/** A word of a command line that a person may type again. */
final class ShellWord {
    private ShellWord() {}

    /** As it can be typed into a shell: in quotes where a shell would take it for something else. */
    static String quoted(String word) {
        return word.matches("[\\w./:=,+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
