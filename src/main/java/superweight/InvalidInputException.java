package superweight;

/**
 * The user's input is at fault: a file, a flag, a coordinate.
 *
 * <p>The message is one complete sentence that names what was wrong, where, what was expected and
 * what was found; the command line prints it alone and exits with status 2.
 */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidInputException(String sentence) {
        super(sentence);
    }

    public InvalidInputException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
