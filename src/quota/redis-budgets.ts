/**
 * What the scripts have in common, run before each of them. `now` is in microseconds. What is drawn on a budget sinks back
 * to 0: of a bucket (`rate` given) little by little, of a calendar window when the next one begins.
 */
export const BUDGETS = `
    local clock = redis.call('TIME')
    local now = clock[1] * 1000000 + clock[2]
    local DAY = 86400000000
    local DAYS_BEFORE = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 }

    local function text(number) return string.format('%.17g', number) end

    -- Days from 1970 to the first of a month, which is counted from January 1970.
    local function first_day(months)
      local year, month = 1970 + math.floor(months / 12), months % 12 + 1
      local full = month > 2 and year or year - 1
      local leap_days = math.floor(full / 4) - math.floor(full / 100) + math.floor(full / 400) - 477
      return 365 * (year - 1970) + leap_days + DAYS_BEFORE[month]
    end

    -- The number of the window that this moment lies in, and when it ends.
    local function window_of(calendar, moment)
      local day = math.floor(moment / DAY)
      if calendar == 'day' then return day, (day + 1) * DAY end
      local months = math.floor(day / 30.436875)
      while first_day(months) > day do months = months - 1 end
      while first_day(months + 1) <= day do months = months + 1 end
      return months, first_day(months + 1) * DAY
    end

    local function drawn_now(budget)
      if budget.rate then return math.max(0, budget.drawn - budget.rate * math.max(0, now - budget.at) / 1000000) end
      local is_over = window_of(budget.calendar, budget.at) < window_of(budget.calendar, now)
      return is_over and 0 or budget.drawn
    end

    -- One budget for each key from here on, with capacity, rate, calendar and share of a lease of each in four arguments.
    local function read_budgets(first_key, first_argument)
      local budgets = {}
      for place = 0, #KEYS - first_key do
        local key, argument = KEYS[first_key + place], first_argument + 4 * place
        local stored = redis.call('HMGET', key, 'drawn', 'at')
        local budget = {
          key = key, drawn = tonumber(stored[1] or 0), at = tonumber(stored[2] or now),
          capacity = tonumber(ARGV[argument]), rate = tonumber(ARGV[argument + 1]), calendar = ARGV[argument + 2],
          share = tonumber(ARGV[argument + 3]),
        }
        budget.drawn = drawn_now(budget)
        budgets[place + 1] = budget
      end
      return budgets
    end

    local function ms_until_back(budget, points)
      if budget.rate then return math.ceil(1000 * points / budget.rate) end
      local _, window_end = window_of(budget.calendar, now)
      return math.ceil((window_end - now) / 1000)
    end

    local function levels_of(budgets)
      local levels = {}
      for _, budget in ipairs(budgets) do
        table.insert(levels, text(math.max(0, budget.capacity - budget.drawn)))
        table.insert(levels, text(ms_until_back(budget, budget.drawn)))
      end
      return levels
    end
`
