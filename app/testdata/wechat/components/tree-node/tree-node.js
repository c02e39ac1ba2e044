Component({ properties: { node: { type: Object, value: {} } } })
