using System.Globalization;
using PartnerPortal.TimeSeries.Labels;

namespace PartnerPortal.TimeSeries.PromQl;

/// <summary>Reads the known part of PromQL by recursive descent; every refusal names its place.</summary>
internal sealed class ExpressionParser(string text)
{
    private const int MaxLength = 8192;
    private const string Known = "Selectors, rate(selector[5m]) and histogram_quantile(0.99, rate(selector[5m])) can be used here so far.";

    private readonly Cursor _at = new(text);

    public Expression Read()
    {
        if (text.Length > MaxLength)
            throw new ExpressionRefused($"The expression is longer than {MaxLength} characters.", MaxLength);
        _at.SkipBlanks();
        if (_at.AtEnd)
            throw new ExpressionRefused("The expression is empty.", 0);
        var expression = ReadExpression();
        if (!_at.AtEnd)
            throw new ExpressionRefused(_at.Peek == '[' ? "A range such as [5m] can only stand inside rate( )." : $"\"{_at.Shown()}\" cannot follow here. {Known}", _at.Position);
        return expression;
    }

    private Expression ReadExpression()
    {
        var start = _at.Position;
        var name = _at.Peek == '{' ? "" : _at.Name(colons: true);
        if (name.Length == 0 && _at.Peek != '{')
            throw new ExpressionRefused($"\"{_at.Shown()}\" cannot begin an expression. {Known}", start);
        if (_at.Peek != '(')
            return new SelectorExpression(ReadSelector(name, start));
        return name switch
        {
            "rate" => ReadRate(),
            "histogram_quantile" => ReadQuantile(),
            _ => throw new ExpressionRefused($"The function {name} is not known here. {Known}", start),
        };
    }

    private RateExpression ReadRate()
    {
        _at.Expect('(', "rate");
        var start = _at.Position;
        var name = _at.Peek == '{' ? "" : _at.Name(colons: true);
        if (_at.Peek == '(')
            throw new ExpressionRefused($"rate needs a selector with a range, such as {Example}.", start);
        var selector = ReadSelector(name, start);
        if (_at.Peek != '[')
            throw new ExpressionRefused($"rate needs a range behind the selector, such as {Example}.", _at.Position);
        _at.Expect('[', "the selector");
        var from = _at.Position;
        var word = _at.Until(']');
        if (!PromDuration.TryRead(word.Trim(), out var range))
            throw new ExpressionRefused($"\"{word}\" is not a duration such as 5m or 1h30m.", from);
        _at.Expect(']', "the range");
        _at.Expect(')', "the range");
        return new RateExpression(selector, range);
    }

    private const string Example = "rate(requests_total[5m])";

    private QuantileExpression ReadQuantile()
    {
        _at.Expect('(', "histogram_quantile");
        var start = _at.Position;
        var word = _at.Until(',', ')').Trim();
        if (!TryNumber(word, out var quantile))
            throw new ExpressionRefused($"\"{word}\" is not a number between 0 and 1.", start);
        _at.Expect(',', "the quantile");
        var inner = _at.Position;
        if (_at.Name(colons: true) != "rate" || _at.Peek != '(')
            throw new ExpressionRefused("histogram_quantile needs the rate of buckets, such as rate(latency_seconds_bucket[5m]).", inner);
        var buckets = ReadRate();
        _at.Expect(')', "the rate");
        return new QuantileExpression(quantile, buckets);
    }

    private Selector ReadSelector(string name, int start)
    {
        var matchers = new List<LabelMatcher>();
        if (name.Length > 0)
            matchers.Add(new LabelMatcher(Label.MetricName, MatchKind.Equal, name));
        if (_at.Peek == '{')
            ReadMatchers(matchers, name.Length > 0);
        if (!matchers.Exists(m => !m.MatchesEmpty))
            throw new ExpressionRefused("A selector needs at least one condition that an empty label does not meet, such as a metric's name.", start);
        return new Selector(matchers);
    }

    private void ReadMatchers(List<LabelMatcher> matchers, bool named)
    {
        _at.Expect('{', "the metric's name");
        while (_at.Peek != '}')
        {
            var start = _at.Position;
            var label = _at.Name(colons: false);
            if (label.Length == 0)
                throw new ExpressionRefused(_at.AtEnd ? "The selector is not closed by \"}\"." : $"A label's name was expected, not \"{_at.Shown()}\".", start);
            if (label == Label.MetricName && named)
                throw new ExpressionRefused("The metric's name is given twice: before the brace and as __name__.", start);
            var kind = _at.Comparison();
            var value = _at.Position;
            try
            {
                matchers.Add(new LabelMatcher(label, kind, _at.Text()));
            }
            catch (ArgumentException unreadable)
            {
                throw new ExpressionRefused($"The expression for {label} cannot be read: {unreadable.Message.Split(" (Parameter", 2)[0]}", value);
            }
            if (_at.Peek == '}')
                break;
            _at.Expect(',', "the condition");
        }
        _at.Expect('}', "the conditions");
    }

    private static bool TryNumber(string word, out double number)
    {
        var bare = word.TrimStart('+', '-');
        number = bare.ToLowerInvariant() switch
        {
            "inf" => word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => 0,
        };
        return number != 0 || double.TryParse(word, NumberStyles.Float & ~NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);
    }
}
