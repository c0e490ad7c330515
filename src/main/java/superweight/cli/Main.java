package superweight.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import superweight.InvalidInputException;
import superweight.checkpoint.FloatType;
import superweight.measure.ZeroShotTask;
import superweight.model.Tokenizer;

/** The command line: results to stdout, everything else to stderr. */
@Command(
        name = "superweight",
        mixinStandardHelpOptions = true,
        version = "superweight 0.1.0",
        description = "Measures what one weight does to a language model.",
        subcommands = {
            FindCommand.class,
            PerplexityCommand.class,
            SweepCommand.class,
            BlocksCommand.class,
            QuantizeCommand.class,
            ScoreCommand.class,
            NextCommand.class,
            GenerateCommand.class,
            DescribeCommand.class,
            VerdictsCommand.class,
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the run failed",
            "2:the input is at fault: an option, a file, a coordinate"
        })
public final class Main {
    private static final int RUN_FAILED = 1;
    private static final int INVALID_INPUT = 2;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command line and returns its exit code. */
    static int run(String... args) {
        CommandLine commandLine = commandLine();
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError e) {
            say(commandLine, "The run failed: it needs more than the " + (Runtime.getRuntime().maxMemory() >> 20)
                    + " MiB of memory that Java may use (-Xmx in environment/jvm.args).");
            return RUN_FAILED;
        }
    }

    /** The commands, before anything is typed. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main())
                // A prompt may begin with @; it is never the name of a file with more arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler(Main::fail);
        EnumNames.register(commandLine, FloatType.class);
        EnumNames.register(commandLine, TextOptions.Dataset.class);
        EnumNames.register(commandLine, BlocksCommand.Ragged.class);
        EnumNames.register(commandLine, Tokenizer.Bos.class);
        EnumNames.register(commandLine, VerdictsCommand.Format.class);
        EnumNames.register(commandLine, ZeroShotTask.class);
        return commandLine;
    }

    private static int refuse(ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        if (args.length == 0) {
            command.usage(command.getErr());
            return INVALID_INPUT;
        }
        String name = command.getCommandSpec().qualifiedName();
        say(command, message(problem) + "; '" + name + " --help' lists what there is.");
        return INVALID_INPUT;
    }

    /**
     * What picocli says, without the word it puts before some of its messages and not others. A misspelt option
     * comes first: the option that is missing for it would send its reader looking for one that was typed.
     */
    private static String message(ParameterException problem) {
        CommandLine command = problem.getCommandLine();
        List<String> unmatched = command.getUnmatchedArguments();
        if (unmatched.stream().noneMatch(typed -> typed.startsWith("-"))) {
            return problem.getMessage().replaceFirst("^Error: ", "");
        }
        UnmatchedArgumentException unknown = new UnmatchedArgumentException(command, unmatched);
        List<String> suggestions = unknown.getSuggestions();
        return unknown.getMessage()
                + (suggestions.isEmpty() ? "" : " (is '" + suggestions.get(0) + "' meant?)");
    }

    private static int fail(Exception problem, CommandLine command, ParseResult parsed) {
        if (problem instanceof InvalidInputException) {
            say(command, problem.getMessage());
            return INVALID_INPUT;
        }
        say(command, "The run failed: " + (problem.getMessage() == null ? problem : problem.getMessage()));
        return RUN_FAILED;
    }

    private static void say(CommandLine command, String sentence) {
        PrintWriter err = command.getErr();
        err.println("superweight: " + sentence.replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }
}
