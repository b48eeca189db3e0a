import { BUDGETS } from './redis-budgets.ts'

/**
 * Budgets in Redis, as scripts: each runs as one, by the server's clock, and does what migration 0002_quota does in
 * PostgreSQL. All keys carry one hash tag and so lie in one slot; a script may find the names of budgets in a
 * grant. Numbers travel as text: Redis would cut the fractions off.
 */
export const SCRIPTS = {
  quotaReserve:
    BUDGETS +
    `
    local id, asked, lease_min, forfeit_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
    local budgets = read_budgets(3, 5)
    local lease, short, wait_ms = 2147483647, 0, 0
    for place, budget in ipairs(budgets) do
      lease = math.min(lease, math.floor((budget.capacity - budget.drawn) * budget.share))
      local lacking = budget.drawn + asked - budget.capacity
      if lacking > 0 then
        local ms = ms_until_back(budget, lacking)
        if ms > wait_ms then short, wait_ms = place, ms end
      end
    end
    local taken = 0
    if short == 0 then
      taken = lease >= lease_min and lease or asked
      local sources = {}
      for place, budget in ipairs(budgets) do
        budget.drawn = budget.drawn + taken
        -- Where the clock was set back, what was drawn is not given back twice.
        redis.call('HSET', budget.key, 'drawn', text(budget.drawn), 'at', text(math.max(budget.at, now)))
        redis.call('HINCRBY', budget.key, 'reserved', text(taken))
        -- Nothing that the budget of a client address holds lasts longer.
        if string.find(budget.key, ':budget:anonymous-', 1, true) then redis.call('EXPIRE', budget.key, 172800) end
        sources[place] = { budget.key, budget.calendar }
      end
      redis.call('HSET', KEYS[2], 'points', text(taken), 'at', text(now), 'sources', cjson.encode(sources))
      redis.call('ZADD', KEYS[1], text(math.floor(now / 1000) + forfeit_ms), id)
    end
    local answer = levels_of(budgets)
    table.insert(answer, 1, text(now))
    table.insert(answer, 1, text(wait_ms))
    table.insert(answer, 1, text(short))
    table.insert(answer, 1, text(taken))
    return answer`,

  quotaSettle:
    BUDGETS +
    `
    local points, at, sources = unpack(redis.call('HMGET', KEYS[2], 'points', 'at', 'sources'))
    if not points then return 0 end
    local unspent = points - ARGV[2]
    if unspent < 0 then
      return redis.error_reply('MAAT A grant of ' .. points .. ' points can not be settled with ' .. ARGV[2] .. '.')
    end
    redis.call('DEL', KEYS[2])
    redis.call('ZREM', KEYS[1], ARGV[1])
    if unspent == 0 then return 1 end
    for _, source in ipairs(cjson.decode(sources)) do
      local key, calendar = unpack(source)
      local drawn, last = unpack(redis.call('HMGET', key, 'drawn', 'at'))
      if drawn then
        local is_same = calendar == '' or window_of(calendar, tonumber(last)) == window_of(calendar, tonumber(at))
        if is_same then redis.call('HSET', key, 'drawn', text(math.max(0, drawn - unspent))) end
        redis.call('HINCRBY', key, 'refunded', text(unspent))
      end
    end
    return 1`,

  quotaLevels: BUDGETS + `return levels_of(read_budgets(1, 1))`,

  quotaTend:
    BUDGETS +
    `
    local now_ms = math.floor(now / 1000)
    redis.call('ZADD', KEYS[2], text(now_ms), ARGV[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. text(now_ms - 5000))
    local late = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', text(now_ms), 'LIMIT', 0, ARGV[2])
    for _, id in ipairs(late) do
      local key = ARGV[3] .. id
      local points, at, sources = unpack(redis.call('HMGET', key, 'points', 'at', 'sources'))
      redis.call('DEL', key)
      redis.call('ZREM', KEYS[1], id)
      -- As texts: cjson cuts numbers off.
      if points then redis.call('HSET', KEYS[3], id, cjson.encode({ points, at, text(now), sources })) end
      for _, source in ipairs(points and cjson.decode(sources) or {}) do
        if redis.call('EXISTS', source[1]) == 1 then redis.call('HINCRBY', source[1], 'forfeited', points) end
      end
    end
    return { redis.call('ZCARD', KEYS[2]), #late }`,

  quotaDebits:
    BUDGETS +
    `
    local drawn, subjects, open = {}, {}, redis.call('ZRANGE', KEYS[1], 0, -1)
    local function draw(key, points)
      for place = 2, #ARGV do
        local head = ARGV[1] .. ARGV[place] .. ':'
        if string.sub(key, 1, #head) == head then
          local subject = string.sub(key, #head + 1)
          if not drawn[subject] then table.insert(subjects, subject) end
          drawn[subject] = (drawn[subject] or 0) + points
        end
      end
    end
    for place = 2, #ARGV do
      local cursor = '0'
      local seen = {}
      repeat
        local page = redis.call('SCAN', cursor, 'MATCH', ARGV[1] .. ARGV[place] .. ':*', 'COUNT', 1000)
        cursor = page[1]
        for _, key in ipairs(page[2]) do
          if not seen[key] then
            seen[key] = true
            local counted = redis.call('HMGET', key, 'reserved', 'refunded')
            draw(key, (tonumber(counted[1]) or 0) - (tonumber(counted[2]) or 0))
          end
        end
      until cursor == '0'
    end
    local oldest = now
    for _, id in ipairs(open) do
      local points, at, sources = unpack(redis.call('HMGET', KEYS[3] .. id, 'points', 'at', 'sources'))
      oldest = math.min(oldest, tonumber(at or now))
      for _, source in ipairs(points and cjson.decode(sources) or {}) do draw(source[1], -points) end
    end
    local answer = { text(now), text(oldest), #open }
    for _, id in ipairs(open) do table.insert(answer, id) end
    for _, subject in ipairs(subjects) do
      table.insert(answer, subject)
      table.insert(answer, text(drawn[subject]))
    end
    return { answer, redis.call('HGETALL', KEYS[2]) }`,

  quotaForfeits: `return redis.call('HGETALL', KEYS[1])`,

  quotaNoteForfeits: `return redis.call('HDEL', KEYS[1], unpack(ARGV))`,

  quotaLeave: `return redis.call('ZREM', KEYS[1], ARGV[1])`,
} as const
