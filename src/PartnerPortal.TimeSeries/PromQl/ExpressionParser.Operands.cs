using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>The operands: numbers, texts, brackets, selectors, calls and aggregations.</summary>
internal sealed partial class ExpressionParser
{
    private Expression ReadOperand()
    {
        var token = _tokens.Next;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberExpression(_tokens.Number()) { Position = token.Position };
            case TokenKind.Quoted:
                return new TextExpression(_tokens.Take().Text) { Position = token.Position };
            case TokenKind.Word:
                return ReadNamed();
        }
        if (token.Is("{"))
            return ReadSelector(null, token.Position);
        if (!_tokens.TakeIf("("))
            throw _tokens.Unexpected("");
        var inner = ReadBinary(0);
        _tokens.Expect(")", "paren expression");
        return new BracketExpression(inner) { Position = token.Position };
    }

    private Expression ReadNamed()
    {
        var (token, following) = (_tokens.Next, _tokens.Following);
        var called = following.Is("(");
        if (Words.Aggregates.TryGetValue(token.Text, out var kind) && (called || following.IsWord("by") || following.IsWord("without")))
            return ReadAggregate(kind);
        if (called)
            return ReadCall();
        return Words.MayNameMetric(token.Text) ? ReadSelector(_tokens.Take().Text, token.Position) : throw _tokens.Unexpected("");
    }

    private CallExpression ReadCall()
    {
        var token = _tokens.Take();
        var function = Function.Find(token.Text) ?? throw new ExpressionRefused($"unknown function with name \"{token.Text}\"", token.Position);
        var call = new CallExpression(function, ReadArguments()) { Position = token.Position };
        TypeChecks.Check(call);
        return call;
    }

    private AggregateExpression ReadAggregate(AggregateKind kind)
    {
        var token = _tokens.Take();
        var grouping = ReadGrouping();
        var arguments = ReadArguments();
        if (grouping is null)
            grouping = ReadGrouping();
        var needed = kind is AggregateKind.TopK or AggregateKind.BottomK or AggregateKind.Quantile or AggregateKind.CountValues ? 2 : 1;
        if (arguments.Count == 0)
            throw new ExpressionRefused("no arguments for aggregate expression provided", token.Position);
        if (arguments.Count != needed)
            throw new ExpressionRefused($"wrong number of arguments for aggregate expression provided, expected {needed}, got {arguments.Count}", token.Position);
        var aggregate = new AggregateExpression(kind, arguments[^1], needed == 2 ? arguments[0] : null, grouping?.Labels ?? [], grouping?.Without ?? false) { Position = token.Position };
        TypeChecks.Check(aggregate);
        return aggregate;
    }

    private (IReadOnlyList<string> Labels, bool Without)? ReadGrouping()
    {
        var without = _tokens.TakeWord("without");
        return without || _tokens.TakeWord("by") ? (_tokens.LabelNames(), without) : null;
    }

    private List<Expression> ReadArguments()
    {
        _tokens.Expect("(", "function call");
        var arguments = new List<Expression>();
        while (!_tokens.Next.Is(")"))
        {
            arguments.Add(ReadBinary(0));
            if (!_tokens.TakeIf(","))
                break;
            if (_tokens.Next.Is(")"))
                throw new ExpressionRefused("trailing commas not allowed in function call args", _tokens.Next.Position);
        }
        _tokens.Expect(")", "function call");
        return arguments;
    }

    private SelectorExpression ReadSelector(string? name, int start)
    {
        var matchers = new List<LabelMatcher>();
        if (name is not null)
            matchers.Add(new LabelMatcher(Label.MetricName, MatchKind.Equal, name));
        if (_tokens.Next.Is("{"))
            ReadMatchers(matchers, name);
        if (!matchers.Exists(m => !m.MatchesEmpty))
            throw new ExpressionRefused("vector selector must contain at least one non-empty matcher", start);
        return new SelectorExpression(new Selector(matchers)) { Position = start };
    }

    private void ReadMatchers(List<LabelMatcher> matchers, string? name)
    {
        const string Where = TokenReader.Braces;
        _tokens.Expect("{", Where);
        while (!_tokens.Next.Is("}"))
        {
            if (_tokens.Next.Kind != TokenKind.Word)
                throw _tokens.Unexpected(Where, "expected identifier or \"}\"");
            var label = _tokens.Take();
            var kind = Comparison(_tokens.Next) ?? throw _tokens.Unexpected(Where, "expected one of = != =~ !~");
            _tokens.Take();
            if (_tokens.Next.Kind != TokenKind.Quoted)
                throw _tokens.Unexpected(Where, "expected string");
            var value = _tokens.Take();
            if (label.Text == Label.MetricName && name is not null)
                throw new ExpressionRefused($"metric name must not be set twice: \"{name}\" or \"{value.Text}\"", label.Position);
            matchers.Add(Matcher(label.Text, kind, value));
            if (!_tokens.TakeIf(","))
                break;
        }
        _tokens.Expect("}", Where);
    }

    private static MatchKind? Comparison(Token token) => token.Kind != TokenKind.Sign ? null : token.Text switch
    {
        "=" => MatchKind.Equal,
        "!=" => MatchKind.NotEqual,
        "=~" => MatchKind.Matches,
        "!~" => MatchKind.DoesNotMatch,
        _ => null,
    };

    private static LabelMatcher Matcher(string label, MatchKind kind, Token value)
    {
        try
        {
            return new LabelMatcher(label, kind, value.Text);
        }
        catch (ArgumentException unreadable)
        {
            throw new ExpressionRefused($"error parsing regexp: {unreadable.Message.Split(" (Parameter", 2)[0]}", value.Position);
        }
    }
}
